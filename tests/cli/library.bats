#!/usr/bin/env bats
# The queries of examples/ find in the made traces what was planted there, and nothing else.

load support/common

EXAMPLES=$NFQL_SOURCE_DIR/examples

# The table of examples/README.md: QUERY TRACE a line, the trace being the first that is named.
# shellcheck disable=SC2016  # the backquotes are those of the table
library() {
  sed -nE 's/^\| `([a-z-]+)` \| `([a-z.-]+)`.*/\1 \2/p' "$EXAMPLES/README.md"
}

# finds QUERY TRACE ENDING: what the query prints of the columns of the planted truth is that truth,
# in any order.
finds() {
  local truth=$EXAMPLES/planted/$1.csv columns
  columns=$(head -n 1 "$truth") || return 1
  nfql-run "$EXAMPLES/$1.$3" "$EXAMPLES/$2" -O csv --columns "$columns" >found ||
    wrong "$1.$3 does not run" || return 1
  { head -n 1 found && tail -n +2 found | LC_ALL=C sort; } >sorted || return 1
  diff -u "$truth" sorted || wrong "$1.$3 finds something else than was planted" || return 1
}

@test "each query in JSON finds exactly what was planted" {
  library >queries
  while read -r query trace; do
    finds "$query" "$trace" json
  done <queries
}

@test "each query in the text form finds exactly what was planted" {
  library >queries
  while read -r query trace; do
    finds "$query" "$trace" nfql
  done <queries
}

@test "README.md lists each query, which has both forms, a trace and a truth" {
  library | cut -d' ' -f1 | sort >listed
  [ "$(wc -l <listed)" -ge 17 ]
  for ending in json nfql; do
    for file in "$EXAMPLES"/*."$ending"; do basename "$file" ".$ending"; done | sort | diff listed -
  done
  for file in "$EXAMPLES"/planted/*.csv; do basename "$file" .csv; done | sort | diff listed -
}

@test "the truth of each query is more than a header" {
  for file in "$EXAMPLES"/planted/*.csv; do
    [ "$(wc -l <"$file")" -gt 1 ]
  done
}

@test "each query says first what it finds, in both forms alike" {
  for file in "$EXAMPLES"/*.nfql; do
    sed -n '/^#/!q; s/^# //p' "$file" | paste -sd' ' >said
    jq -r .comment "${file%.nfql}.json" >comment
    # The text form may go on; the JSON form has one sentence, without a full stop.
    [[ $(cat said) == "$(cat comment)"[.:]* ]] || wrong "${file##*/}: $(cat said)"
  done
}

@test "the text form reads the trace that it names, and prints" {
  cd "$EXAMPLES"
  run -0 nfql-run worm-spread.nfql -O csv --columns exploit.dstip
  [ "$output" = $'exploit.dstip\n10.3.1.17\n10.3.1.29' ]
}

@test "the traces and the truth are what make-traces makes" {
  run -0 "$EXAMPLES/make-traces" made
  diff -r made/planted "$EXAMPLES/planted"
  for file in made/*.*; do
    cmp "$file" "$EXAMPLES/${file##*/}"
  done
}
