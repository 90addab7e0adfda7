#!/usr/bin/env bats
# What newcomers get wrong, and what the tools tell them to write.
# shellcheck disable=SC2154  # run sets stderr

load support/common

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  cp "$NFQL_SOURCE_DIR/examples/lab.ft" .
}

# hints CODE TEXT COMMAND...: fails with CODE and a hint that has TEXT.
hints() {
  local code=$1 text=$2
  shift 2
  run --separate-stderr "$@"
  [ "$status" -eq "$code" ] || wrong "exit code $status, expected $code: $*" || return 1
  [[ $stderr == *"hint: "*"$text"* ]] || wrong "no hint '$text': $*" || return 1
}

@test "a misspelt field has a hint where only the wanted fields are decoded" {
  hints 2 "did you mean 'srcip'?" nfql-group srcpi lab.ft -O csv
  hints 2 "did you mean 'bytes'?" nfql-group srcip -a 'sum(bytse)' lab.ft -O csv
  hints 2 "did you mean 'dstport'?" nfql-group dstprt lab.ft --no-members
  run -2 --separate-stderr nfql-filter any lab.ft -O csv --columns srcip,srcvlan
  [[ $stderr != *"it has"* ]]
}

@test "a name that promises what is not written is refused, unless -O says what it is" {
  hints 2 "-O csv | gzip > out.csv.gz" nfql-filter any lab.ft -o out.csv.gz
  hints 2 "-O json | gzip > out.json.gz" nfql-filter any lab.ft -o out.json.gz
  hints 2 "rwipfix2silk" nfql-filter any lab.ft -o x.rw
  for name in out.gz out.tsv x.silk x.pcap x.parquet; do
    hints 2 "-O FORMAT -o $name" nfql-filter any lab.ft -o "$name"
    [ ! -e "$name" ]
  done
  run -0 --separate-stderr nfql-filter any lab.ft -O csv -o out.gz
  [ -z "$stderr" ]
  [ "$(head -c 6 out.gz)" = "start," ]
}

@test "inputs and expressions that changed places are told" {
  expect_error 2 "lab.ft is a flow-tools file, not a query" nfql-run lab.ft q.nfql
  hints 2 "the query comes first" nfql-run lab.ft q.nfql
  nfql-group srcip lab.ft -o a.nfql
  expect_error 2 "takes one input, not 'a.nfql' and 'a.nfql'" nfql-gfilter a.nfql a.nfql
  expect_error 2 "takes one input" nfql-gfilter 'count > 1' a.nfql a.nfql
  hints 1 "the query names this trace" nfql-run "$NFQL_SOURCE_DIR/examples/http-sessions.nfql"
  hints 2 "write --stats=json" nfql-filter any lab.ft --stats json
}

@test "an expression that is not one word is told" {
  hints 2 "commas separate terms: 'srcip, dstip'" nfql-group 'srcip dstip' lab.ft
  hints 1 "one argument, in quotes" nfql-group srcip dstip lab.ft
  hints 1 "one argument, in quotes" nfql-filter dstport = 80 lab.ft
  hints 2 "'any' keeps all" nfql-filter '' lab.ft
  hints 2 "'any' keeps all" nfql-filter -e '' lab.ft
}

@test "what other tools write gets its translation" {
  hints 2 "write 'dstport = 80'" nfql-filter 'dst port 80' lab.ft
  hints 2 "write 'srcip = 10.77.0.1 or dstip = 10.77.0.1'" nfql-filter 'host 10.77.0.1' lab.ft
  hints 2 "write 'srcip = 10.0.0.1'" nfql-filter 'src ip 10.0.0.1' lab.ft
  hints 2 "write 'proto = tcp'" nfql-filter 'proto tcp' lab.ft
  hints 2 "write 'flags = AS/AS'" nfql-filter 'flags AS' lab.ft
  hints 2 "'in {80, 443}'" nfql-filter 'dstport in (80,443)' lab.ft
  hints 2 "'in {80, 443}'" nfql-filter 'dstport in [80,443]' lab.ft
  hints 2 "write 10k" nfql-filter 'bytes > 10kB' lab.ft
  hints 2 "one unit: 90m" nfql-filter 'duration > 1h30m' lab.ft
  hints 2 "2026-11-22T10:42:10" nfql-filter 'start > 2026-11-22 10:42:10' lab.ft
}

@test "what is given twice is told" {
  hints 2 "name each column once" nfql-filter any lab.ft -O csv --columns srcip,srcip
  hints 2 "one list, separated by commas" nfql-group srcip -a 'sum(bytes)' -a 'max(bytes)' lab.ft
  expect_error 2 "--output is given more than once" nfql-filter any lab.ft -o a -o b
}
