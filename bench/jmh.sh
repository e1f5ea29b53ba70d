#!/bin/sh
# Runs the microbenchmarks and sets what each reads and computes beside what this machine can do at
# most, which is measured right after them:
#   bench/jmh.sh [--json | --markdown | --csv | --html] [-o FILE] [JMH's arguments], such as
#   bench/jmh.sh MatrixBenchmark -p format=Q8_0,Q4_0 -p tokens=1
#   bench/jmh.sh --markdown -o rows.md AttentionBenchmark
#   bench/jmh.sh MachineBenchmark -t 2
# All of them take hours; -f 1 -wi 2 -i 3 makes one a matter of seconds. JMH's own output goes to
# stderr.
set -eu
format=text out=''
while :; do
  case ${1-} in
    --json | --markdown | --csv | --html) format=${1#--} ;;
    -o) out=${2:?"-o needs a file"} && shift ;;
    *) break ;;
  esac
  shift
done
case $out in
  '' | /*) ;;
  *) out=$PWD/$out ;; # where the caller is
esac
if [ -n "$out" ] && { [ -d "$out" ] || [ ! -d "${out%/*}/" ] || [ ! -w "${out%/*}/" ]; }; then
  echo "jmh.sh: -o $out: cannot be written; expected a file in a folder that is there" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
mvn=./mvnw
[ -x "$mvn" ] || mvn=mvn
"$mvn" -q -B -pl bench -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -Dmdep.outputFile=target/classpath.txt -DincludeScope=test >&2
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
classpath="bench/target/test-classes:bench/target/classes:$(cat bench/target/classpath.txt)"
case " $* " in
  *' -h '* | *' -l '* | *' -lp '* | *' -lprof '* | *' -lrf '*)
    exec "$java" --add-modules jdk.incubator.vector -cp "$classpath" org.openjdk.jmh.Main "$@" ;;
esac
results=$(mktemp)
written=''
leave() { # hours of measuring are not lost with a report
  if [ -n "$written" ] || [ ! -s "$results" ]; then
    rm -f "$results"
  else
    echo "jmh.sh: no report was written; what JMH measured is in $results" >&2
  fi
}
trap leave EXIT
"$java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "$classpath" \
  org.openjdk.jmh.Main -rf json -rff "$results" "$@" >&2
report() {
  "$java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -Dstdout.encoding=UTF-8 -cp "$classpath" org.zonda.bench.micro.JmhReport "$format" "$results"
}
if [ -n "$out" ]; then
  report >"$out"
else
  report
fi
written=yes
