#!/usr/bin/env bats
# nfql-group with terms that look at the flows a group has already, as people call it.
# shellcheck disable=SC2154  # run sets stderr and lines

load support/common

# A long download beside short requests, a pause of a minute, and answers.
flows() {
  make_flows trace.ft <<'EOF'
0,90000,10.0.0.1,1000,10.0.0.9,80,6,0x1b,10,1000
5000,6000,10.0.0.1,1001,10.0.0.9,80,6,0x1b,2,200
5500,6500,10.0.0.9,80,10.0.0.1,1001,6,0x1b,3,3000
8000,8100,10.0.0.2,1002,10.0.0.9,80,6,0x02,1,40
100000,100500,10.0.0.1,1003,10.0.0.9,80,6,0x1b,4,400
150000,150100,10.0.0.1,1004,10.0.0.9,80,6,0x02,1,40
EOF
}

@test "a session ends when both are silent; last is the last to start, max.end the last to end" {
  flows
  expect_output "srcip,dstip,start,end,count
10.0.0.1,10.0.0.9,0,100500,3
10.0.0.9,10.0.0.1,5500,6500,1
10.0.0.2,10.0.0.9,8000,8100,1
10.0.0.1,10.0.0.9,150000,150100,1" \
    nfql-group 'srcip, dstip, gap(max.end, start) < 30s' trace.ft -O csv --time=ms
  run -0 nfql-group 'srcip, dstip, gap(last.end, start) < 30s' trace.ft -O csv --columns count
  [ "$output" = $'count\n2\n1\n1\n1\n1' ]
}

@test "rdelta bounds the gap from the last flow, delta that from the first" {
  flows
  apart=$'start,count\n0,2\n5000,1\n5500,1\n8000,1\n150000,1'
  together=$'start,count\n0,3\n5000,1\n5500,1\n8000,1'
  expect_output "$together" nfql-group 'srcip, end < start rdelta 50s' trace.ft -O csv --columns start,count --time=ms
  expect_output "$apart" nfql-group 'srcip, end < start delta 50s' trace.ft -O csv --columns start,count --time=ms
  expect_output "$apart" nfql-group 'srcip, end < start delta 60s' trace.ft -O csv --columns start,count --time=ms
  expect_output "$together" nfql-group 'srcip, end <= start delta 60s' trace.ft -O csv --columns start,count --time=ms
}

@test "modules are counted apart, and may have names" {
  flows
  terms='srcip, dstip, srcport = srcport delta 1 or srcip = dstip, dstip = srcip'
  expect_output "g1_sum_bytes,g2_sum_bytes,start,end,count
1200,4000,0,90000,3
40,40,8000,8100,1
440,400,100000,150100,2" \
    nfql-group "$terms" -a 'g1.sum(bytes), g2.sum(bytes)' trace.ft -O csv --time=ms
  run -0 nfql-group --modules asked,answered "$terms" -a 'asked.sum(bytes), answered.count as n' trace.ft \
    -O csv --columns asked_sum_bytes,n
  [ "${lines[1]}" = 1200,2 ]
  expect_error 2 "no module is named 'g3'" nfql-group "$terms" -a 'g3.count' trace.ft
  expect_error 2 "3 names of modules, but the terms have 2" nfql-group "$terms" --modules a,b,c trace.ft
}

@test "a group has its flows as members, in their order" {
  flows
  nfql-group 'srcip, dstip, gap(max.end, start) < 30s' trace.ft | nfql-ungroup -O csv --columns stream,flowId >streams
  [ "$(paste -sd' ' streams)" = "stream,flowId 0,0 0,1 0,4 1,2 2,3 3,5" ]
}

@test "--order input takes flows as they come" {
  make_flows trace.ft <<'EOF'
500,600,10.0.0.1,1,10.0.0.9,80,6,0,1,300
100,200,10.0.0.1,2,10.0.0.9,80,6,0,1,200
300,400,10.0.0.1,3,10.0.0.9,80,6,0,1,100
EOF
  expect_output $'srcip,start,count\n10.0.0.1,100,2\n10.0.0.1,500,1' \
    nfql-group 'srcip, last.bytes > bytes' trace.ft -O csv --columns srcip,start,count --time=ms
  expect_output $'srcip,start,count\n10.0.0.1,100,3' \
    nfql-group --order input 'srcip, last.bytes > bytes' trace.ft -O csv --columns srcip,start,count --time=ms
}

@test "a constant alone is a filter's business, and the message says whose it could be" {
  flows
  expect_error 2 "a group term is a field, or compares a field with one of the flows already grouped" \
    nfql-group 'srcip, dstport = 80' trace.ft
  [[ $stderr == *"first.dstport"* ]]
  run -0 nfql-group 'srcip, first.dstport = http' trace.ft -O csv --columns count
  [ "$output" = $'count\n4\n1\n1' ]
}

@test "queries group so too, in both forms of JSON" {
  flows
  cat >query.json <<'EOF'
{"branches": {"A": {"group": "srcip, gap(max.end, start) < 30s or srcip = dstip",
                    "modules": ["own", "other"], "aggregate": "other.count as n"}}}
EOF
  expect_output $'n,start,end,count\n2,0,100500,4\n1,8000,8100,1\n1,150000,150100,1' \
    nfql-run query.json trace.ft -O csv --time=ms
  cat >terms.json <<'EOF'
{"branchset": [{"grouper": {"dnf-expr": [{"clause": [
  {"term": {"offset": {"f1_name": "srcip", "f2_name": "srcip"}, "op": {"name": "RULE_EQ", "type": "RULE_REL"}}},
  {"term": {"offset": {"f1_name": "stime", "f2_name": "etime"}, "delta": 20000,
            "op": {"name": "RULE_GT", "type": "RULE_REL"}}}]}]}}]}
EOF
  # last.stime > etime - 20000
  expect_output $'srcip,start,count\n10.0.0.1,0,2\n10.0.0.9,5500,1\n10.0.0.2,8000,1\n10.0.0.1,100000,1\n10.0.0.1,150000,1' \
    nfql-run terms.json trace.ft -O csv --columns srcip,start,count --time=ms
}

@test "any number of threads gives the same groups" {
  seq 140000 | sed -E 's/^(.*)(.)(.)$/&,&,10.0.\3.\2,1\2,10.0.0.2,80,6,0,5,&/;s/^[0-9]$/&,&,10.0.0.1,1,10.0.0.2,80,6,0,5,&/' \
    | make_flows trace.ft
  nfql-filter trace.ft -o trace.nfql
  local format terms
  for format in nfql csv; do
    for terms in "srcip" "srcip, srcport, bytes" "srcip, gap(last.end, start) < 50ms"; do
      nfql-group "$terms" -a 'sum(bytes)' -j 1 trace.nfql -O "$format" -o one
      nfql-group "$terms" -a 'sum(bytes)' -j 4 trace.nfql -O "$format" -o four
      cmp one four
    done
  done
}

@test "what is not printed needs not be there: sums of flows that have no times" {
  printf 'srcip,bytes\n10.0.0.1,5\n10.0.0.2,7\n' >flows.csv
  expect_output $'bytes,count\n12,2' \
    nfql-group '' -a 'sum(bytes) as bytes' --columns bytes,count -O csv flows.csv
  expect_error 2 "no field 'start'" nfql-group srcip --columns srcip -O csv flows.csv
  expect_error 2 "no field 'start'" nfql-group '' --columns count,start -O csv flows.csv
  expect_error 2 "no field 'start'" nfql-group '' -a 'first(bytes)' --columns first_bytes -O csv flows.csv
}

@test "printing or passing on some columns changes neither their values nor the members" {
  cp "$NFQL_SOURCE_DIR/examples/beacon.ft" trace.ft
  for terms in '' 'srcip' 'srcip, gap(last.end, start) < 30s'; do
    nfql-group "$terms" -a 'sum(bytes), first(srcport)' trace.ft -O csv >all.csv
    expect_output "$(cut -d, -f"$(($(head -1 all.csv | tr , '\n' | grep -n '^start$' | cut -d: -f1)))" all.csv)" \
      nfql-group "$terms" -a 'sum(bytes), first(srcport)' --columns start trace.ft -O csv
    nfql-group "$terms" -a 'sum(bytes), first(srcport)' trace.ft |
      nfql-gfilter any --columns duration,count,sum_bytes -O csv >expected.csv
    expect_output "$(cat expected.csv)" nfql-group "$terms" -a 'sum(bytes), first(srcport)' \
      --columns duration,count,sum_bytes trace.ft -O csv
    nfql-group "$terms" -a 'sum(bytes), first(srcport)' trace.ft -o all.nfql \
      --columns duration,count,sum_bytes
    nfql-gfilter any all.nfql -O csv | cmp - expected.csv
    nfql-group "$terms" -a 'sum(bytes), first(srcport)' trace.ft | nfql-ungroup -o flows.nfql
    nfql-group "$terms" -a 'sum(bytes), first(srcport)' trace.ft --columns start |
      nfql-ungroup | cmp - flows.nfql
  done
}
