#!/usr/bin/env bats
# What each format holds, as nfql-formats(5) says.

load support/common

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

@test "the table of nfql-formats(5) is what the tools do" {
  sed -n '/^\.\\" begin/,/^\.\\" end/p' "$NFQL_SOURCE_DIR/man/nfql-formats.5" | sed '1d;$d' >page
  [ "$(wc -l <page)" -gt 90 ]
  "$NFQL_SOURCE_DIR/scripts/field-table" "$(command -v nfql-filter)" | diff page -
}

@test "of groups, columns that a format has no field for are named" {
  local lab=$NFQL_SOURCE_DIR/examples/lab.ft
  for format in flow-tools nfdump; do
    run -0 --separate-stderr nfql-group 'srcip, dstip' -a 'sum(bytes) as total' "$lab" -O "$format" -o out
    [ "$stderr" = "nfql-group: warning: out: column 'total' was not written: $format has no field for it; a sum named bytes or packets is" ]
    run -0 --separate-stderr nfql-group 'srcip, dstip' -a 'sum(bytes), sum(packets) as packets' "$lab" -O "$format" -o out
    [ -z "$stderr" ]
  done
  run -0 --separate-stderr nfql-group srcip -a 'union(dstport) as ports, sum(bytes) as total' "$lab" -o out.ipfix
  [ "$stderr" = "nfql-group: warning: out.ipfix: column 'ports' was not written: IPFIX has no field for it; nfql, csv and json hold sets" ]
  run -0 --separate-stderr nfql-group -q srcip -a 'union(dstport) as ports' "$lab" -o out.ipfix
  [ -z "$stderr" ]
}

@test "of flows, nothing is said of columns that a format has no field for" {
  nfql-filter 'srcip in 0.0.0.0/0' "$NFQL_SOURCE_DIR/tests/data/lab/nf9.nfcapd" -O flow-tools >out 2>said
  [ ! -s said ]
}
