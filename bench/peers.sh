#!/usr/bin/env bash
# Measures Zonda beside llama.cpp, ik_llama.cpp and llama3.java on the same GGUF files and writes a
# report to bench/results: NAME.md, and NAME.csv, NAME.json and NAME.html with every single figure.
# The engines take turns (A B C A B C ...), each time in a process of its own, so that what else
# happens on the machine meets all of them. Earlier reports stay: a second one of a day is NAME-2.
#
#   bench/peers.sh [-n ROUNDS] [-o NAME] FILE.gguf...
#
# Files that need no download:  ./zonda bench --synthetic llama-1b:q8_0 --save llama-1b-q8_0.gguf
#
# An engine that is not named is left out, and the report says how to get it:
#   LLAMA_BENCH     command that understands llama-bench's options: llama.cpp's own, or what
#                   bench/peers/llama-bench.c is compiled to; with arguments, if it needs some
#   IK_LLAMA_BENCH  the same of ik_llama.cpp
#   LLAMA3_JAVA     the jar (or folder of classes) that llama3.java's own build makes
#   NOTES           a line for the report, such as where the peers came from
#   THREADS         threads of each engine (default: one a core)
#   PP, TG          tokens of a prompt, and to generate (default: 512 and 32)
#   DEPTHS          tokens in the context before, several with commas (default: 0)
#   LLAMA3_PP       tokens of llama3.java's prompt, which take long (default: PP); it has no depth
# Needs Linux (peak memory comes from /proc) and bash 5.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "$0")/.." && pwd)
rounds=5 report=''
while getopts n:o: option; do
  case $option in
    n) rounds=$OPTARG ;;
    o) report=${OPTARG%.md} ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
threads=${THREADS:-$(nproc)} pp=${PP:-512} tg=${TG:-32} depths=${DEPTHS:-0}
llama3_pp=${LLAMA3_PP:-$pp}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
slug=$(printf '%s' "${cpu:-unknown}" | tr 'A-Z' 'a-z' | sed 's/([a-z]*)//g; s/[^a-z0-9]\{1,\}/-/g; s/-$//')
report=${report:-$root/bench/results/$(date +%F)-$slug-peers}
[ $# -gt 0 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" | sed '$d' >&2; exit 2; }
case $rounds in '' | 0* | *[!0-9]*) echo "peers.sh: -n $rounds: expected a number of rounds" >&2; exit 2 ;; esac
for file; do
  [ -r "$file" ] || { echo "peers.sh: $file: cannot be read" >&2; exit 1; }
done
mkdir -p "$(dirname "$report")"
name=$report
for ((i = 2; ; i++)); do
  [ -e "$report.md" ] || [ -e "$report.csv" ] || [ -e "$report.json" ] || [ -e "$report.html" ] || break
  report=$name-$i
done

# The report and llama3.java run on this Java; ./zonda itself may find another.
check_java() { # check_java PROGRAM: stops if it is none of Java 25 or newer
  local version
  version=$("$1" -version 2>&1 | sed -n 's/^\(.* version "\|javac \)\([0-9]\{1,\}\).*/\2/p' | head -1) || version=''
  [ "${version:-0}" -ge 25 ] || {
    echo "peers.sh: $1: expected Java 25 or newer, found ${version:-none}; set JAVA_HOME to a JDK 25" >&2
    exit 1
  }
}
check_java "$java"
[ -z "${LLAMA3_JAVA-}" ] || check_java "${java}c"

# What was measured stays where the report could not be written, whatever ended the script.
work=$(mktemp -d)
written=''
leave() {
  if [ -n "$written" ] || [ ! -s "$work/runs.tsv" ]; then
    rm -rf "$work"
  else
    echo "peers.sh: no report was written; the output of the runs until then is in $work" >&2
    echo "peers.sh: to report them: $java -cp $root/app/target/zonda.jar org.zonda.bench.peers.PeersReport $work $report" >&2
  fi
}
trap leave EXIT
touch "$work/runs.tsv" "$work/facts.tsv" "$work/first.tsv"

# --- Running ----------------------------------------------------------------------------------

# Runs a command; leaves its output in $work/NAME.out and its peak memory in bytes in $peak.
run() { # run NAME COMMAND...
  local pid line name=$1
  shift
  peak=0
  "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    line=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null || true)
    [ -z "$line" ] || peak=$((line * 1024))
    sleep 0.1
  done
  wait "$pid" || {
    echo "peers.sh: failed: $*" >&2
    tail -5 "$work/$name.err" >&2
    exit 1
  }
}

fact() { # fact NAME VALUE
  printf '%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\t\n' '  ')" >>"$work/facts.tsv"
}

measure() { # measure ROUND NUMBER FILE ENGINE
  local name=$1-$2-$4
  echo "  $4" >&2
  case $4 in
    zonda) command=("$root/zonda" bench -m "$3" -p "$pp" -n "$tg" -d "$depths" -r 1 -t "$threads" --json) ;;
    llama.cpp | ik_llama.cpp)
      # shellcheck disable=SC2206 # a command with arguments
      [ "$4" = llama.cpp ] && command=($LLAMA_BENCH) || command=($IK_LLAMA_BENCH)
      command+=(-m "$3" -p "$pp" -n "$tg" -r 1 -t "$threads")
      [ "$depths" = 0 ] || command+=(-d "$depths")
      command+=(-o json)
      ;;
    llama3.java)
      command=("$java" --enable-preview --add-modules jdk.incubator.vector
        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=$((threads - 1))" # and the caller
        -cp "$LLAMA3_JAVA:$work/llama3" com.llama4j.Llama3Bench "$3" "$llama3_pp" "$tg" 1)
      ;;
  esac
  run "$name" "${command[@]}"
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' \
    "$1" "${3##*/}" "$(wc -c <"$3")" "$4" "$name.out" "$peak" >>"$work/runs.tsv"
  if [ "$1" = 1 ] && [ "$2" = 1 ]; then
    fact command "$(shown "${command[@]}")"
    local backend
    backend=$(sed -n 's/.*loaded CPU backend from .*\/\(.*\)/\1/p' "$work/$name.err" | head -1)
    [ -z "$backend" ] || fact "$4 loaded" "$backend"
  fi
}

# Names files without their folders, and programs without the paths of this machine.
shown() {
  local word text=''
  for word; do
    case $word in
      *:*/*) word='LLAMA3_JAVA:DRIVER' ;;
      "$root/"*) word="./${word#"$root/"}" ;;
      */*) word=${word##*/} ;;
    esac
    case $word in *' '*) word="\"$word\"" ;; esac
    text="$text $word"
  done
  printf '%s' "${text# }"
}

# Seconds from the start of a process to the first byte that it prints.
first_byte() {
  local start=$EPOCHREALTIME
  "$@" 2>/dev/null </dev/null | {
    IFS= read -r -d '' -n 1 _ || true
    awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", b - a }'
    cat >/dev/null
  }
}

engines=(zonda)
missing() { # missing ENGINE HOW
  fact "not measured" "$1: $2"
  echo "peers.sh: without $1: $2" >&2
}
if [ -n "${LLAMA_BENCH-}" ]; then engines+=(llama.cpp); else
  missing llama.cpp 'build github.com/ggml-org/llama.cpp and set LLAMA_BENCH to its llama-bench, or see bench/peers/llama-bench.c'
fi
if [ -n "${IK_LLAMA_BENCH-}" ]; then engines+=(ik_llama.cpp); else
  missing ik_llama.cpp 'build github.com/ikawrakow/ik_llama.cpp and set IK_LLAMA_BENCH to its llama-bench'
fi
if [ -n "${LLAMA3_JAVA-}" ]; then
  engines+=(llama3.java)
  mkdir "$work/llama3"
  "${java}c" -proc:none -cp "$LLAMA3_JAVA" -d "$work/llama3" "$root/bench/peers/Llama3Bench.java"
else
  missing llama3.java 'run make jar in a checkout of github.com/mukel/llama3.java and set LLAMA3_JAVA to the jar'
fi

first_token=("$root/zonda" run -q --no-echo --temp 0 -n 8 "Once upon a time")
"${first_token[@]}" >/dev/null 2>&1 || { # builds what is missing and writes the AOT cache
  echo "peers.sh: failed: ${first_token[*]}" >&2
  exit 1
}
fact date "$(date +%F)"
fact machine "${cpu:-unknown}, $(nproc) cores, $(awk '/MemTotal/ { printf "%.1f GB", $2 * 1024 / 1e9 }' /proc/meminfo); $(uname -sr)"
fact "load average before" "$(cut -d' ' -f1-3 /proc/loadavg)"
[ -z "${NOTES-}" ] || fact notes "$NOTES"
[ -z "${LLAMA3_JAVA-}" ] || fact llama3.java "$("$java" -version 2>&1 | sed -n 2p), batches of 16 (its default), a prompt of $llama3_pp tokens, no depth"
fact threads "$threads; $rounds rounds, the engines in turn, each time a new process with a warm-up"
"$root/zonda" bench --limits -p 0 -n 0 -t "$threads" --json="$work/limits.json" >/dev/null

for ((round = 1; round <= rounds; round++)); do
  number=0
  for file; do
    number=$((number + 1))
    echo "round $round of $rounds, ${file##*/}" >&2
    for engine in "${engines[@]}"; do
      measure "$round" "$number" "$file" "$engine"
    done
  done
  first_byte "${first_token[@]}" >>"$work/first.tsv"
done
fact command "$(shown "${first_token[@]}")"

"$java" -Dstdout.encoding=UTF-8 -Dfile.encoding=UTF-8 -cp "$root/app/target/zonda.jar" \
  org.zonda.bench.peers.PeersReport "$work" "$report"
written=yes
echo "written: $report.md, .csv, .json and .html" >&2
