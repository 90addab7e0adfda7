#!/usr/bin/env bats
# nfql-group, nfql-gfilter, nfql-merge and nfql-ungroup as people call them.
# shellcheck disable=SC2154,SC2012  # run sets stderr; names here are plain

load support/common

# Two clients talk to a web server; the second also asks a name server before.
flows() {
  make_flows trace.ft <<'EOF'
900,950,10.0.0.2,4000,10.0.0.9,53,17,0,1,60
1000,1500,10.0.0.1,1234,10.0.0.8,80,6,0x1b,5,500
1010,1490,10.0.0.8,80,10.0.0.1,1234,6,0x1b,4,4000
1100,1200,10.0.0.2,4001,10.0.0.8,80,6,0x1b,6,600
1105,1300,10.0.0.8,80,10.0.0.2,4001,6,0x1b,8,8000
3000,3100,10.0.0.1,1235,10.0.0.8,80,6,0x02,1,40
EOF
}

@test "groups have keys, aggregates, start, end and count, in the order of their first flows" {
  flows
  expect_output "srcip,total,unique_dstport,start,end,count
10.0.0.2,660,2,900,1200,2
10.0.0.1,540,1,1000,3100,2
10.0.0.8,12000,2,1010,1490,2" \
    nfql-group srcip -a 'sum(bytes) as total, unique(dstport)' trace.ft -O csv --time=ms
}

@test "every aggregate" {
  flows
  run -0 nfql-group -a 'sum(bytes), min(bytes), max(bytes), avg(bytes), median(bytes),
    quantile(bytes, 0.25), first(proto), last(proto), bitOR(flags), and(flags), union(dstport)' \
    trace.ft -O csv
  [ "${lines[0]%,start,end,count}" = "sum_bytes,min_bytes,max_bytes,avg_bytes,median_bytes,quantile_bytes_0.25,first_proto,last_proto,bitOR_flags,and_flags,union_dstport" ]
  [[ ${lines[1]} == "13200,40,8000,2200,550,170,17,6,27,0,{53;80;1234;4001},"*",6" ]]
}

@test "a network is a key, under its text or a name" {
  flows
  run -0 nfql-group 'prefix(srcip,24), prefix(dstip, 29) as net' trace.ft -O csv \
    --columns 'prefix(srcip, 24),net,count'
  [ "${lines[0]}" = '"prefix(srcip, 24)",net,count' ]
  [ "${lines[1]}" = 10.0.0.0,10.0.0.8,4 ]
  [ "${lines[2]}" = 10.0.0.0,10.0.0.0,2 ]
}

@test "group filters see the columns of groups only, and say which aggregate is missing" {
  flows
  nfql-group srcip -a 'sum(bytes) as total, union(dstport) as ports' trace.ft >groups.nfql
  expect_output $'srcip\n10.0.0.2\n10.0.0.8' \
    nfql-gfilter 'total > 600 and duration <= 480ms' groups.nfql -O csv --columns srcip
  expect_output $'srcip\n10.0.0.2' nfql-gfilter '{53, 80} in ports' groups.nfql -O csv --columns srcip
  expect_error 2 "packets" nfql-gfilter 'packets > 3' groups.nfql
  [[ $stderr == *"add "* ]]
  for format in csv json; do
    nfql-group srcip trace.ft -O $format >groups
    expect_error 2 "has a column 'count', as groups have" nfql-gfilter 'count > 3' groups -O csv
    [[ $stderr == *"leave -O csv to the last program"* ]]
  done
}

@test "merge pairs groups by fields, and relates them in time" {
  flows
  nfql-filter 'dstport = http' trace.ft | nfql-group 'srcip, dstip' >req.nfql
  nfql-filter 'srcport = http' trace.ft | nfql-group 'srcip, dstip' >res.nfql
  nfql-filter 'dstport = domain' trace.ft | nfql-group 'srcip' >dns.nfql
  expect_output $'A.srcip,B.start\n10.0.0.1,1010\n10.0.0.2,1105' \
    nfql-merge 'A.srcip = B.dstip and A.dstip = B.srcip' A=req.nfql B=res.nfql -O csv \
    --columns A.srcip,B.start --time=ms
  expect_output $'D.srcip,A.srcip\n10.0.0.2,10.0.0.2' \
    nfql-merge 'D.srcip = A.srcip and D before A delta 150ms' D=dns.nfql A=req.nfql -O csv \
    --columns D.srcip,A.srcip
  expect_output $'D.srcip,A.srcip' \
    nfql-merge 'D before A delta 10ms' D=dns.nfql A=req.nfql -O csv --columns D.srcip,A.srcip
  expect_output $'A.srcip,B.dstip\n10.0.0.2,10.0.0.2' \
    nfql-merge 'A o B' A=req.nfql B=res.nfql -O csv --columns A.srcip,B.dstip
}

@test "a branch that no term names multiplies the result, with a warning" {
  flows
  nfql-group srcip trace.ft >groups.nfql
  run -0 --separate-stderr nfql-merge 'A.count > 0' A=groups.nfql B=groups.nfql -O csv --columns A.srcip,B.srcip
  [ "${#lines[@]}" -eq 10 ]
  [[ $stderr == *"nfql-merge: warning: "* ]]
}

@test "a collection has each group once, with its component" {
  flows
  nfql-group srcip trace.ft >a.nfql
  run -0 nfql-merge 'A.srcip = B.srcip' A=a.nfql B=a.nfql --emit collection -O csv --columns component,branch,srcip
  [ "$output" = $'component,branch,srcip\n0,A,10.0.0.2\n0,B,10.0.0.2\n1,A,10.0.0.1\n1,B,10.0.0.1\n2,A,10.0.0.8\n2,B,10.0.0.8' ]
}

@test "ungroup gives a stream a tuple, each flow once, ordered by start" {
  flows
  nfql-merge 'A.srcip = B.dstip' A=<(nfql-group srcip trace.ft) B=<(nfql-group dstip trace.ft) >tuples.nfql
  expect_output "stream,flowId
0,0
0,3
0,4
1,1
1,2
1,5
2,1
2,2
2,3
2,4
2,5" nfql-ungroup tuples.nfql -O csv --columns stream,flowId
  run -0 nfql-ungroup --flat tuples.nfql -O csv --columns flowId
  [ "$output" = $'flowId\n0\n1\n2\n3\n4\n5' ]
}

@test "--streams writes a file a stream" {
  flows
  nfql-group srcip trace.ft | nfql-ungroup --streams out -O csv --columns flowId
  [ "$(ls out | paste -sd' ')" = "stream-000000.csv stream-000001.csv stream-000002.csv" ]
  [ "$(cat out/stream-000001.csv)" = $'flowId\n1\n5' ]
}

@test "without members there is nothing to ungroup" {
  flows
  nfql-group srcip --no-members trace.ft >groups.nfql
  expect_error 2 "no member" nfql-ungroup groups.nfql
}

@test "a wrong kind of stream is a usage error that names the tool to use" {
  flows
  nfql-group srcip trace.ft >groups.nfql
  expect_error 2 "groups" nfql-filter 'proto = tcp' groups.nfql
  expect_error 2 "groups" nfql-group srcip groups.nfql
  expect_error 2 "flow-tools" nfql-merge '' A=groups.nfql B=groups.nfql -q -O flow-tools
}

@test "where memory is limited a stage takes what it needs, not what it would reserve" {
  flows
  if ! bash -c "ulimit -v 400000; nfql-filter --version" >/dev/null 2>&1; then
    skip "this build (of a sanitizer) needs more"
  fi
  expect_output "srcip,count
10.0.0.2,2
10.0.0.1,2
10.0.0.8,2" \
    bash -c "ulimit -v 400000; nfql-group srcip trace.ft -O csv --columns srcip,count"
}

@test "groups as flow-tools are a record a group" {
  flows
  nfql-group 'srcip' -a 'sum(bytes) as bytes, sum(packets) as packets' trace.ft -O flow-tools |
    nfql-filter -O csv --columns srcip,start,end,packets,bytes --time=ms >groups.csv
  expect_output "srcip,start,end,packets,bytes
10.0.0.2,900,1200,7,660
10.0.0.1,1000,3100,6,540
10.0.0.8,1010,1490,12,12000" cat groups.csv
}
