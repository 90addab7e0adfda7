#!/usr/bin/env bats
# CSV and JSON lines as input, ours and those of others.
# shellcheck disable=SC2154,SC2094  # run sets output and stderr; cmp only reads

load support/common

flows() {
  make_flows trace.ft <<'EOF'
1335771830057,1335771831057,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500
1335771832057,1335771832057,192.168.1.9,5353,10.0.0.3,53,17,0,1,70
EOF
}

@test "what the tools print they read again, in files and on standard input" {
  flows
  for format in csv json; do
    for times in --time=iso --time=ms --tz=+05:30; do
      nfql-filter trace.ft -O $format $times >text
      nfql-filter text -O $format $times | cmp - text
      nfql-filter -O $format $times <text | cmp - text
    done
  done
  # All that a record of flow-tools holds, and back.
  columns=$(for name in $(nfql-filter --help-fields | awk 'NR > 1 && NF > 1 {print $1}'); do
    nfql-filter trace.ft -o x.csv --columns "$name" 2>/dev/null && echo "$name"
  done | paste -sd,)
  [[ $columns == *flowToolsPadding* ]]
  nfql-filter trace.ft -O json --columns "$columns" | nfql-filter -O flow-tools -z 0 |
    cmp - <(nfql-filter trace.ft -O flow-tools -z 0)
}

@test "inputs of different formats are one input" {
  flows
  nfql-filter trace.ft -o trace.csv
  nfql-filter trace.ft -o trace.nfql
  mkdir tree
  nfql-filter trace.ft -o tree/trace.json
  expect_output $'srcip,count,sum_bytes\n10.0.0.1,4,2000\n192.168.1.9,4,280' \
    nfql-group srcip -a 'sum(bytes)' --columns srcip,count,sum_bytes trace.ft trace.csv tree trace.nfql -O csv
}

@test "a query runs on CSV as on flow-tools" {
  flows
  nfql-filter trace.ft -o trace.csv
  echo '{"branches": {"A": {"filter": "proto = udp", "group": "srcip", "aggregate": "sum(bytes)"}}}' >q.json
  nfql-run q.json trace.ft -O csv >expected
  nfql-run q.json trace.csv -O csv | cmp - expected
  nfql-run q.json -O csv <trace.csv | cmp - expected
}

@test "mistakes in text are named with line and column" {
  printf 'srcip,bytes\n10.0.0.1,5\n10.0.0.2,x5\n' >bad.csv
  run -1 --separate-stderr nfql-filter bad.csv -o good.csv
  [ "$stderr" = "nfql-filter: bad.csv: line 3, column 'bytes': 'x5' is not a number (0 to 2^64 - 1)" ]
  [ ! -e good.csv ]
  run -1 --separate-stderr nfql-filter bad.csv --salvage -O csv
  [ "$output" = $'srcip,bytes\n10.0.0.1,5' ]
  expect_error 1 "<stdin>: line 2, column 'srcip': 'true' is not an address" \
    nfql-filter -o x.csv <<<$'{"srcip":"10.0.0.1"}\n{"srcip":true}'
}

@test "a column that nobody knows is left out with a warning, and is wrong in a query" {
  printf 'srcip,dstip,label,byts\n10.0.0.1,10.0.0.2,x,5\n' >t.csv
  run -0 --separate-stderr nfql-filter t.csv -O csv
  [ "$output" = $'srcip,dstip\n10.0.0.1,10.0.0.2' ]
  [ "$stderr" = "nfql-filter: warning: t.csv: columns 'label', 'byts': no field has that name; left out" ]
  expect_error 2 "no field 'bytes'" nfql-filter 'bytes > 1' t.csv
}

@test "text that nothing tells to be flows is what -I says" {
  printf 'a,b,c,srcip\n1,2,3,10.0.0.1\n' >t.csv
  expect_error 1 "t.csv: is text, not a flow file" nfql-filter t.csv
  run -0 --separate-stderr nfql-filter -I csv t.csv -O csv
  [ "$output" = $'srcip\n10.0.0.1' ]
  expect_error 2 "unknown input format 'xml' (one of nfql, flow-tools, " nfql-filter -I xml t.csv
}

@test "a file that nobody reads is named, with what to do" {
  flows
  tar -cf trace.tar trace.ft
  expect_error 1 "trace.tar: is a tar archive" nfql-filter trace.tar
  printf 'PAR1....' >t.parquet
  expect_error 1 "duckdb -csv" nfql-filter t.parquet
  expect_error 1 "<stdin>: is an HTML page" nfql-filter <<<'<!DOCTYPE html><p>404'
  expect_error 1 "<stdin>: is empty (0 bytes): no flow file is" nfql-filter </dev/null
  [[ $stderr == *"hint: what was to write it wrote nothing"* ]]
}

@test "what is compressed is read as the hint says" {
  flows
  nfql-filter trace.ft -O csv >expected
  for packer in gzip bzip2 xz zstd lz4; do
    command -v $packer >/dev/null || continue
    $packer -c <trace.ft >packed
    expect_error 1 "<stdin>: is compressed with $packer" nfql-filter <packed
    run -1 --separate-stderr nfql-group packed -O csv
    [ -z "$output" ]
    [[ $stderr == *"packed: is compressed with $packer"* ]]
    command=$(sed -n 's/.*hint: pipe it in: \(.*\) FILE | .*/\1/p' <<<"$stderr")
    $command packed | nfql-filter -O csv | cmp - expected
  done
}

# same_as_nfdump FILE: flows of csv and json of nfdump are the same, as are their sums.
same_as_nfdump() {
  local columns=srcip,srcport,dstip,dstport,proto,packets,bytes,exporter
  nfdump -r "$1" -o csv >nfdump.csv 2>/dev/null || return 1
  nfdump -r "$1" -o json >nfdump.json 2>/dev/null || return 1
  nfql-filter -q nfdump.csv -O csv --columns $columns >a || return 1
  # For ICMP the one says port 0, the other none.
  nfql-filter -q nfdump.json -O csv --columns $columns | sed -E 's/^([^,]*),,/\1,0,/' >b || return 1
  cmp a b || return 1
  # nfdump sums up both directions.
  nfql-group -q -a 'sum(bytes) as b, sum(outbytes) as ob, sum(packets) as p, sum(outpackets) as op' \
    nfdump.csv -O csv --columns count,b,ob,p,op | awk -F, 'NR == 2 { print $1 "," $2 + $3 "," $4 + $5 }' |
    cmp - <(tail -n 1 nfdump.csv | cut -d, -f1-3)
}

@test "nfdump's csv and json are read, with the sums that nfdump gives" {
  command -v nfdump >/dev/null || skip "nfdump is not here"
  for name in nf9 nf9-lz4 ipfix-biflow; do
    same_as_nfdump "$NFQL_SOURCE_DIR/tests/data/lab/$name.nfcapd"
  done
}

@test "flow-export's CSV is read, times included" {
  command -v flow-export >/dev/null || skip "flow-tools are not here"
  flows
  flow-export -f2 <trace.ft 2>/dev/null | nfql-filter -O csv | cmp - <(nfql-filter trace.ft -O csv)
}

@test "a byte order mark before JSON is passed over" {
  printf '\xef\xbb\xbf{"srcip": "10.0.0.1", "bytes": 5}\n{"srcip": "10.0.0.2", "bytes": 6}\n' >mark.json
  expect_output $'srcip,bytes\n10.0.0.1,5\n10.0.0.2,6' nfql-filter mark.json -O csv --columns srcip,bytes
}
