#!/usr/bin/env bash
# Everything that a machine with a GPU must show, in at most ten minutes: the environment,
# correctness of every kernel and of the golden models on the device, what share of the memory's
# speed each kernel reaches, and reading and writing of models beside llama.cpp and GPULlama3.java.
#
#   bench/gpu.sh [-s SECONDS] [-o NAME]
#   bench/gpu.sh --prepare
#
# The second form builds what the first needs, and wants a network; the first does so itself where
# something is missing. A prepared checkout can be copied to a machine without a network.
#
# It writes NAME.md and the raw figures to a folder NAME (default: bench/results/ with the date and
# the device). What the time does not suffice for is left out, and the report says so; what was
# measured before stays. -s: seconds in all (default: 600).
#
#   JAVA_HOME       a JDK 25 (default: the java on the PATH)
#   TORNADOVM_HOME  the TornadoVM SDK
#   LLAMA_BENCH     command that understands llama-bench's options, built with CUDA; left out if
#                   not set
#   GPULLAMA3       GPULlama3.java's command llama-tornado, of a version that has --bench; left out
#                   if not set
#   NOTES           a line for the report
#   MODELS          folder for the synthetic models, which are made once (default: target/synthetic)
#   SHAPES          their shapes (default: llama-1b llama-8b; on a CPU device: llama-15m)
#   FORMATS         their formats (default: q8_0 f16 q4_k)
#   PP, TG, DEPTHS  tokens to read, to write, and in the context before (default: 512, 128, 0,2048;
#                   on a CPU device 512, 128, 0,1024)
#   REPETITIONS     of each measurement (default: 3)
# Needs Linux and bash 5.
set -euo pipefail
export LC_ALL=C

cd "$(dirname "$0")/.."
library=target/gpu # what the tests need besides the program
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# By content, since a copy's times say nothing.
sources() {
  find model kernels runtime tornado-config -name target -prune -o -name '*.java' -print0 |
    sort -z | xargs -0 cat | cksum
}

# The launcher's own JUnit has the engine in it, so the others stay away.
prepare() {
  echo "gpu.sh: building" >&2
  ./zonda --version >/dev/null
  sh ./mvnw -q -B -pl kernels,runtime -am test-compile dependency:copy-dependencies \
    -DincludeScope=test -DexcludeGroupIds=org.zonda,org.junit.jupiter,org.junit.platform \
    -DoutputDirectory="$PWD/$library"
  local version
  version=$(sed -n 's|.*<junit.version>5\(.*\)</junit.version>.*|1\1|p' pom.xml)
  sh ./mvnw -q -B -N dependency:copy -DoutputDirectory="$PWD/$library" \
    -Dartifact="org.junit.platform:junit-platform-console-standalone:$version"
  sources >"$library/sources"
}

seconds=600 name=''
case ${1-} in --prepare)
  prepare
  exit
  ;;
esac
while getopts s:o: option; do
  case $option in
    s) seconds=$OPTARG ;;
    o) name=$OPTARG ;;
    *) exit 2 ;;
  esac
done
[ "$OPTIND" -gt $# ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" | sed '$d' >&2; exit 2; }

prepared=$(cat "$library/sources" 2>/dev/null || true)
[ -d runtime/target/test-classes ] && [ "$prepared" = "$(sources)" ] || prepare
./zonda --version >/dev/null # builds what is older than the sources
begin=$SECONDS

# --- Steps ------------------------------------------------------------------------------------

raw=$(mktemp -d)
left() { echo $((seconds - (SECONDS - begin))); }

# Runs a step for at most so many seconds, or as many as are left; fails as the step does.
step() { # step NAME SECONDS COMMAND...
  local step=$1 limit=$2 start=$SECONDS code=0 ended
  shift 2
  [ "$limit" -lt "$(left)" ] || limit=$(left)
  if [ "$limit" -lt 10 ]; then
    note "$step" 'left out: the time was up' 0
    return 1
  fi
  echo "gpu.sh: $step (at most $limit s)" >&2
  timeout -k 5 "$limit" "$@" >"$raw/$step.out" 2>"$raw/$step.err" </dev/null || code=$?
  case $code in
    0) ended=done ;;
    124 | 137) ended="stopped after $limit s" ;;
    *) ended="failed with exit code $code" ;;
  esac
  note "$step" "$ended" $((SECONDS - start))
  return "$code"
}

note() { # note STEP HOW-IT-ENDED SECONDS
  printf '%s\t%s\t%s\n' "$@" >>"$raw/steps.tsv"
  [ "$2" = done ] || echo "gpu.sh: $1: $2" >&2
}

# Whatever happens, what was found is kept.
report() {
  trap - EXIT
  [ -n "$name" ] || name=bench/results/$(date +%F)-$(printf '%s' "${device:-no-device}" |
    tr 'A-Z' 'a-z' | sed 's/([a-z]*)//g; s/[^a-z0-9]\{1,\}/-/g; s/^-//; s/-$//')-gpu
  mkdir -p "$name"
  # Folders of this machine are nobody's business.
  sed -i "s|${TORNADOVM_HOME:-/none}|TORNADOVM_HOME|g; s|$PWD|.|g; s|${HOME:-/none}|HOME|g" "$raw"/*
  cp "$raw"/* "$name/"
  rm -rf "$raw"
  find "$name" -size 0 -delete
  "$java" -Dstdout.encoding=UTF-8 -cp app/target/zonda.jar bench/gpu/Report.java "$name" >"$name.md"
  echo "written: $name.md and $name/" >&2
}
device='' kind=''
trap report EXIT

# --- The environment --------------------------------------------------------------------------

{
  echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores," \
    "$(awk '/MemTotal/ { printf "%.1f GB", $2 * 1024 / 1e9 }' /proc/meminfo), $(uname -sr)"
  echo "load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
  echo "java: $("$java" -version 2>&1 | sed -n 2p)"
  [ -z "${NOTES-}" ] || echo "note: $NOTES"
  query=name,driver_version,memory.total,clocks.max.sm,clocks.max.mem,power.limit
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=$query --format=csv,noheader 2>&1 | sed 's/^/nvidia-smi: /' || true
  elif command -v clinfo >/dev/null; then
    clinfo -l 2>&1 | sed '/^$/d; s/^/clinfo: /' || true
  else
    echo "neither nvidia-smi nor clinfo is installed"
  fi
} >"$raw/environment.txt"

step devices 60 ./zonda devices --json || exit 1
# Its profile has a name too.
device=$(sed -n 's/.*"devices":\[{"number":[0-9]*,"simulator":[a-z]*,"name":"\([^"]*\)".*/\1/p' \
  "$raw/devices.out")
kind=$(sed -n 's/.*"devices":\[{[^]]*"type":"\([^"]*\)".*/\1/p' "$raw/devices.out")
backend=$(sed -n 's/.*"devices":\[{[^]]*"backend":"\([^"]*\)".*/\1/p' "$raw/devices.out")
flags=$(ls -t app/target/start/*/gpu.args 2>/dev/null | head -1)
if [ -z "$flags" ]; then
  echo "gpu.sh: there is no device: see bench/results or ./zonda doctor" >&2
  step doctor 60 ./zonda doctor || true
  exit 1
fi
step doctor 60 ./zonda doctor || true

# --- Correctness ------------------------------------------------------------------------------

classes=app/target/zonda.jar:kernels/target/test-classes:runtime/target/test-classes
classes=$classes:model/target/test-classes:$library/*
others=(--exclude-tag simulator) # tests that are not for this device
[ "$backend" = CUDA ] || others+=(--exclude-tag cuda)

on_device() { # on_device NAME SECONDS PACKAGE CLASSES
  step "$1" "$2" "$java" "@$flags" -cp "$classes" org.junit.platform.console.ConsoleLauncher \
    execute --scan-classpath "$4" --include-package "$3" "${others[@]}" \
    --details testfeed --disable-banner --disable-ansi-colors || true
}
on_device kernels-correct 180 org.zonda.kernels kernels/target/test-classes
on_device goldens-correct 120 org.zonda.runtime.tornado runtime/target/test-classes

# --- Kernels by themselves --------------------------------------------------------------------

step kernels 90 ./zonda bench --kernels --backend gpu --json || true

# --- Models -----------------------------------------------------------------------------------

case $kind in
  CPU) shapes=${SHAPES:-llama-15m} depths=${DEPTHS:-0,1024} ;; # its context is short
  *) shapes=${SHAPES:-llama-1b llama-8b} depths=${DEPTHS:-0,2048} ;;
esac
models=${MODELS:-target/synthetic}
pp=${PP:-512} tg=${TG:-128} repetitions=${REPETITIONS:-3}
mkdir -p "$models"

measure() { # measure MODEL ENGINE: a model's base name and who runs it
  local file=$models/$1.gguf command
  case $2 in
    zonda)
      step "$1--zonda" 120 ./zonda bench -m "$file" --backend gpu -p "$pp" -n "$tg" -d "$depths" \
        -r "$repetitions" --json || true
      ;;
    llama.cpp)
      read -ra command <<<"$LLAMA_BENCH"
      step "$1--llama.cpp" 120 "${command[@]}" -m "$file" -ngl 99 -p "$pp" -n "$tg" -d "$depths" \
        -r "$repetitions" -o json || true
      ;;
    gpullama3) # it has no depth
      read -ra command <<<"$GPULLAMA3"
      step "$1--gpullama3" 120 "${command[@]}" --gpu --model "$file" --bench \
        --bench-args="-p $pp -n $tg -r $repetitions -o json" || true
      ;;
  esac
}

engines=(zonda)
[ -z "${LLAMA_BENCH-}" ] || engines+=(llama.cpp)
[ -z "${GPULLAMA3-}" ] || engines+=(gpullama3)
for shape in $shapes; do
  for format in ${FORMATS:-q8_0 f16 q4_k}; do
    model=$shape-$format
    if [ ! -f "$models/$model.gguf" ]; then
      # Under another name first: a file that was cut short must not be taken for the model.
      rm -f "$models/part.gguf"
      step "$model--file" 90 ./zonda bench --synthetic "$shape:$format" \
        --save "$models/part.gguf" -p 0 -n 0 || continue
      mv "$models/part.gguf" "$models/$model.gguf"
    fi
    for engine in "${engines[@]}"; do
      measure "$model" "$engine"
    done
  done
done

# --- Options that are off ---------------------------------------------------------------------

# They need CUDA or PTX, and stay off until a run of this script says that they are right and
# faster: the goldens again with captured graphs (those that round have tests of their own above),
# then the speed of the model that each is for.
with_option() { # with_option OPTION FORMAT
  local folder model=${shapes%% *}-$2
  folder=$(mktemp -d)
  mkdir "$folder/zonda"
  printf '{"match": {"backend": ["cuda", "ptx"]}, "%s": true}\n' "$1" \
    >"$folder/zonda/device-profile.json"
  export XDG_CONFIG_HOME=$folder
  if [ "$1" = captureGraphs ]; then
    on_device "goldens-$1" 60 org.zonda.runtime.tornado runtime/target/test-classes
  fi
  if [ -f "$models/$model.gguf" ]; then
    step "$model--zonda-$1" 60 ./zonda bench -m "$models/$model.gguf" --backend gpu -p "$pp" \
      -n "$tg" -d "$depths" -r "$repetitions" --json || true
  fi
  unset XDG_CONFIG_HOME
  rm -rf "$folder"
}
case $backend in
  CUDA | PTX)
    with_option captureGraphs q8_0
    with_option int8Inputs q8_0
    with_option tensorCores f16
    ;;
esac
