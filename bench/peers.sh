#!/usr/bin/env bash
# Measures Zonda beside llama.cpp and llama3.java on the same GGUF files and writes a report to
# bench/results. The engines take turns (A B C A B C ...), each time in a process of its own, so
# that what else happens on the machine meets all of them.
#
#   bench/peers.sh [-n ROUNDS] [-o REPORT] FILE.gguf...
#
# Files that need no download:  ./zonda bench --synthetic llama-1b:q8_0 --save llama-1b-q8_0.gguf
#
# An engine that is not named is left out:
#   LLAMA_BENCH   command that understands llama-bench's options: llama.cpp's own, or what
#                 bench/peers/llama-bench.c is compiled to; with arguments, if it needs some
#   LLAMA3_JAVA   the jar (or folder of classes) that llama3.java's own build makes
#   NOTES         a line for the report, such as where the peers came from
#   THREADS       threads of each engine (default: one a core)
#   PP, TG        tokens of a prompt, and to generate (default: 512 and 32)
#   LLAMA3_PP     tokens of llama3.java's prompt, which take long (default: PP)
# Needs Linux (peak memory comes from /proc) and bash 5.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "$0")/.." && pwd)
rounds=5 report=''
while getopts n:o: option; do
  case $option in
    n) rounds=$OPTARG ;;
    o) report=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
threads=${THREADS:-$(nproc)} pp=${PP:-512} tg=${TG:-32} llama3_pp=${LLAMA3_PP:-${PP:-512}}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
slug=$(printf '%s' "${cpu:-unknown}" | tr 'A-Z' 'a-z' | sed 's/([a-z]*)//g; s/[^a-z0-9]\{1,\}/-/g; s/-$//')
report=${report:-$root/bench/results/$(date +%F)-$slug-peers.md}
[ $# -gt 0 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" | sed '$d' >&2; exit 2; }
for file; do
  [ -r "$file" ] || { echo "peers.sh: $file: cannot be read" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=$work/results.tsv # file, engine, what, value
: >"$results"

# --- Running ----------------------------------------------------------------------------------

# Runs a command; leaves its output in $work/out and its peak memory in MB in $peak.
run() {
  local pid line
  peak=0
  "$@" >"$work/out" 2>"$work/err" </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    line=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null || true)
    [ -z "$line" ] || peak=$((line * 1024 / 1000000))
    sleep 0.1
  done
  wait "$pid" || {
    echo "peers.sh: failed: $*" >&2
    tail -5 "$work/err" >&2
    exit 1
  }
}

# Prints the n-th value of a field in JSON of any layout, objects in order.
field() { # field NAME N
  tr ',{}[' '\n\n\n\n' <"$work/out" |
    sed -n "s/^[[:space:]]*\"$1\"[[:space:]]*:[[:space:]]*\"\{0,1\}\([^\",]*\).*/\1/p" | sed -n "$2p"
}

put() { # put FILE ENGINE WHAT VALUE
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" >>"$results"
  printf '  %-12s %-5s %s\n' "$2" "$3" "$4" >&2
}

measure() { # measure ENGINE FILE
  case $1 in
    zonda)
      zonda_command=("$root/zonda" bench -m "$2" -p "$pp" -n "$tg" -r 1 -t "$threads" --json)
      run "${zonda_command[@]}"
      put "$2" zonda pp "$(field median 1)"
      put "$2" zonda tg "$(field median 2)"
      put "$2" zonda kv "$(($(field cache_bytes 1) / 1000000))"
      zonda_backend=$(sed 's/.*"backend":"\([^"]*\)".*/\1/' "$work/out")
      zonda_commit=$(field commit 1)
      zonda_java=$(field java 1)
      ;;
    llama.cpp)
      # shellcheck disable=SC2206 # a command with arguments
      llama_command=($LLAMA_BENCH -m "$2" -p "$pp" -n "$tg" -r 1 -t "$threads" -o json)
      run "${llama_command[@]}"
      put "$2" llama.cpp pp "$(field avg_ts 1)"
      put "$2" llama.cpp tg "$(field avg_ts 2)"
      llama_version="build $(field build_number 1) $(field build_commit 1)"
      llama_backend=$(sed -n 's/.*loaded CPU backend from .*\/\(.*\)/\1/p' "$work/err" | head -1)
      ;;
    llama3.java)
      llama3_command=("$java" --enable-preview --add-modules jdk.incubator.vector
        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=$((threads - 1))" # and the caller
        -cp "$LLAMA3_JAVA:$work/llama3" com.llama4j.Llama3Bench "$2" "$llama3_pp" "$tg" 1)
      run "${llama3_command[@]}"
      put "$2" llama3.java pp "$(field avg_ts 1)"
      put "$2" llama3.java tg "$(field avg_ts 2)"
      ;;
  esac
  put "$2" "$1" peak "$peak"
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
[ -z "${LLAMA_BENCH-}" ] || engines+=(llama.cpp)
if [ -n "${LLAMA3_JAVA-}" ]; then
  engines+=(llama3.java)
  mkdir "$work/llama3"
  "${java}c" -proc:none -cp "$LLAMA3_JAVA" -d "$work/llama3" "$root/bench/peers/Llama3Bench.java"
fi

first_token=("$root/zonda" run -q --no-echo --temp 0 -n 8 "Once upon a time")
"${first_token[@]}" >/dev/null 2>&1 || { # builds what is missing and writes the AOT cache
  echo "peers.sh: failed: ${first_token[*]}" >&2
  exit 1
}
load_before=$(cut -d' ' -f1-3 /proc/loadavg)
for ((round = 1; round <= rounds; round++)); do
  for file; do
    echo "round $round of $rounds, ${file##*/}" >&2
    for engine in "${engines[@]}"; do
      measure "$engine" "$file"
    done
  done
  put - zonda first "$(first_byte "${first_token[@]}")"
done

# --- The report -------------------------------------------------------------------------------

# Prints "median (min to max)" of a measurement, or only the median.
summary() { # summary FILE ENGINE WHAT DECIMALS [only]
  awk -F '\t' -v f="$1" -v e="$2" -v w="$3" '$1 == f && $2 == e && $3 == w { print $4 }' "$results" |
    sort -g | awk -v d="$4" -v only="${5-}" '
      { v[NR] = $1 }
      END {
        if (NR == 0) { print "-"; exit }
        m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
        if (only) printf "%." d "f", m
        else printf "%." d "f (%." d "f to %." d "f)", m, v[1], v[NR]
      }'
}

ratio() { # ratio FILE ENGINE WHAT: Zonda's median to the engine's
  awk -v a="$(summary "$1" zonda "$3" 6 only)" -v b="$(summary "$1" "$2" "$3" 6 only)" \
    'BEGIN { printf "%.2f", a / b }'
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

{
  echo "# Zonda beside its peers, $(date +%F)"
  echo
  echo "- machine: ${cpu:-unknown}, $(nproc) cores, $(awk '/MemTotal/ { printf "%.1f GB", $2 * 1024 / 1e9 }' /proc/meminfo); $(uname -sr)"
  echo "- load average before: $load_before"
  echo "- Zonda: commit ${zonda_commit:-unknown}, $zonda_backend, $zonda_java"
  [ -z "${LLAMA_BENCH-}" ] || echo "- llama.cpp: ${llama_version:-unknown}, ${llama_backend:-backend not told}"
  [ -z "${LLAMA3_JAVA-}" ] || echo "- llama3.java: $("$java" -version 2>&1 | sed -n 2p), batches of 16 (its default), a prompt of $llama3_pp tokens"
  [ -z "${NOTES-}" ] || echo "- $NOTES"
  echo "- threads: $threads; $rounds rounds, the engines in turn, each time a new process with a warm-up; median (min to max); ratios are Zonda's median to the peer's"
  for file; do
    mb=$(($(wc -c <"$file") / 1000000))
    echo
    echo "## ${file##*/}, $mb MB"
    echo
    echo "| engine | pp$pp tokens/s | ratio | tg$tg tokens/s | ratio | peak memory, MB |"
    echo "|---|---|---|---|---|---|"
    for engine in "${engines[@]}"; do
      echo "| $engine | $(summary "$file" "$engine" pp 1) | $(ratio "$file" "$engine" pp) |" \
        "$(summary "$file" "$engine" tg 2) | $(ratio "$file" "$engine" tg) |" \
        "$(summary "$file" "$engine" peak 0) |"
    done
    echo
    kv=$(summary "$file" zonda kv 0 only) peak=$(summary "$file" zonda peak 0 only)
    echo "Zonda's peak beyond the file and its KV cache of $kv MB: $((peak - mb - kv)) MB."
  done
  echo
  echo "## From a cold start to the first token"
  echo
  echo "The embedded model, from the start of \`./zonda\` to the first byte it prints:" \
    "$(summary - zonda first 2) s, $rounds times."
  echo
  echo "## Commands"
  echo
  echo '```'
  shown "${zonda_command[@]}"; echo
  [ -z "${LLAMA_BENCH-}" ] || { shown "${llama_command[@]}"; echo; }
  [ -z "${LLAMA3_JAVA-}" ] || { shown "${llama3_command[@]}"; echo; }
  shown "${first_token[@]}"; echo
  echo '```'
} >"$work/report.md"
mkdir -p "$(dirname "$report")"
cp "$work/report.md" "$report"
echo "written: $report" >&2
