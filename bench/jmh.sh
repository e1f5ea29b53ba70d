#!/bin/sh
# Runs the microbenchmarks: bench/jmh.sh [JMH's arguments], such as
#   bench/jmh.sh MachineBenchmark -t 2
#   bench/jmh.sh MatrixBenchmark -p format=Q8_0,Q4_0 -p tokens=1
# Columns "gigabytes" and "gigaMultiplyAdds" are per second.
set -eu
cd "$(dirname "$0")/.."
mvn=./mvnw
[ -x "$mvn" ] || mvn=mvn
"$mvn" -q -B -pl bench -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -Dmdep.outputFile=target/classpath.txt -DincludeScope=test
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --add-modules jdk.incubator.vector \
  --enable-native-access=ALL-UNNAMED \
  -cp "bench/target/test-classes:bench/target/classes:$(cat bench/target/classpath.txt)" \
  org.openjdk.jmh.Main "$@"
