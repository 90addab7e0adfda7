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
