#!/bin/sh
# Makes encodings.txt beside it: what GNU as (binutils) makes of the instructions that EncodingCases
# prints. To be run after a change of Op or EncodingCases; builds the test classes first.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../../../.."
mvn -q -B -pl runtime -am test-compile
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${JAVA_HOME:+$JAVA_HOME/bin/}java" \
  -cp runtime/target/test-classes:runtime/target/classes:model/target/classes \
  org.zonda.runtime.cpu.machine.EncodingCases >"$work/cases"
{ echo '.intel_syntax noprefix'; cat "$work/cases"; } >"$work/cases.s"
as --64 -aln="$work/listing" --listing-lhs-width=4 -o "$work/cases.o" "$work/cases.s"
# Lines of the listing: number, address, bytes, source.
awk 'NR > 1 && $2 ~ /^[0-9a-f]+$/ {
  hex = ""
  for (i = 3; $i ~ /^([0-9A-F][0-9A-F])+$/; i++) hex = hex $i
  print tolower(hex)
}' "$work/listing" | paste "$work/cases" - >"$here/encodings.txt"
wc -l "$here/encodings.txt"
