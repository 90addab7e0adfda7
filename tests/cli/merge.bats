#!/usr/bin/env bats
# What nfql-merge leaves out, refuses and warns of.
# shellcheck disable=SC2154  # run sets stderr

load support/common

# Three clients connect; two ask a name server before, one of them long before; one is answered.
flows() {
  make_flows trace.ft <<'EOT'
100,200,10.0.0.3,4000,10.0.0.9,53,17,0,1,60
900,950,10.0.0.2,4000,10.0.0.9,53,17,0,1,60
1000,1500,10.0.0.1,1234,10.0.0.8,80,6,0x1b,5,500
1010,1490,10.0.0.8,80,10.0.0.1,1234,6,0x1b,4,4000
1100,1200,10.0.0.2,4001,10.0.0.8,80,6,0x1b,6,600
5000,5200,10.0.0.3,4001,10.0.0.8,80,6,0x1b,6,600
EOT
  nfql-filter 'dstport = http' trace.ft | nfql-group 'srcip, dstip' >web.nfql || return 1
  nfql-filter 'srcport = http' trace.ft | nfql-group 'srcip, dstip' >answer.nfql || return 1
  nfql-filter 'dstport = domain' trace.ft | nfql-group 'srcip' >dns.nfql || return 1
}

@test "--except leaves out what groups of another branch go with" {
  flows
  expect_output $'W.srcip\n10.0.0.1' \
    nfql-merge 'W.count > 0' --except 'D.srcip = W.srcip' W=web.nfql D=dns.nfql -O csv --columns W.srcip
  expect_output $'W.srcip\n10.0.0.1\n10.0.0.3' \
    nfql-merge 'W.count > 0' --except 'D.srcip = W.srcip and D before W delta 1s' \
    W=web.nfql D=dns.nfql -O csv --columns W.srcip
}

@test "several --except leave out what any of them does" {
  flows
  expect_output $'W.srcip\n10.0.0.3' \
    nfql-merge 'W.count > 0' --except 'D.srcip = W.srcip and D before W delta 1s' \
    --except 'W.srcip = A.dstip and W.dstip = A.srcip' W=web.nfql D=dns.nfql A=answer.nfql \
    -O csv --columns W.srcip
}

@test "branches that only --except names are not in the output, whatever their place" {
  flows
  run -0 --separate-stderr nfql-merge 'W.srcip = V.srcip' --except 'D.srcip = V.srcip' \
    D=dns.nfql W=web.nfql V=web.nfql -O csv
  [ -z "$stderr" ]
  [ "${lines[0]}" = "W.srcip,W.dstip,W.start,W.end,W.count,V.srcip,V.dstip,V.start,V.end,V.count" ]
  [ "${#lines[@]}" -eq 2 ]
  expect_error 2 "D.srcip" nfql-merge 'W.count > 0' --except 'D.srcip = W.srcip' W=web.nfql D=dns.nfql \
    -O csv --columns D.srcip
}

@test "with no expression the branches are in the output that no --except names" {
  flows
  expect_error 2 "such as 'W.count > 0'" nfql-merge '' --except 'D.srcip = W.srcip' W=web.nfql D=dns.nfql
  run -0 nfql-merge '' --except 'D.count > 5' W=web.nfql D=dns.nfql -q -O csv --columns W.srcip
  [ "${#lines[@]}" -eq 4 ]
}

@test "--limit counts what is left, and members go on to the ungrouper" {
  flows
  run -0 nfql-merge 'W.count > 0' --except 'W.srcip = 10.0.0.1' W=web.nfql -n 1 -O csv --columns W.srcip
  [ "$output" = $'W.srcip\n10.0.0.2' ]
  nfql-merge 'W.count > 0' --except 'D.srcip = W.srcip' W=web.nfql D=dns.nfql |
    nfql-ungroup -O csv --columns stream,flowId >flows.csv
  expect_output $'stream,flowId\n0,2' cat flows.csv
}

@test "a collection is of the tuples that are left" {
  flows
  expect_output $'component,branch,srcip\n0,W,10.0.0.1\n0,V,10.0.0.1' \
    nfql-merge 'W.srcip = V.srcip' --except 'D.srcip = W.srcip and D.srcip = V.srcip' \
    W=web.nfql V=web.nfql D=dns.nfql --emit collection -O csv --columns component,branch,srcip
}

@test "flows are groups to --except too" {
  flows
  run -0 nfql-merge 'W.count > 0' --except 'F.dstip = W.srcip and F.srcport = http' W=web.nfql F=trace.ft \
    -O csv --columns W.srcip
  [ "$output" = $'W.srcip\n10.0.0.2\n10.0.0.3' ]
}

@test "--except in a query is what --except of nfql-merge is" {
  flows
  cat >query.json <<'EOT'
{ "branches": { "W": {"filter": "dstport = http", "group": "srcip, dstip"},
                "D": {"filter": "dstport = domain", "group": "srcip"},
                "A": {"filter": "srcport = http", "group": "srcip, dstip"} },
  "merge": "W.count > 0",
  "except": ["D.srcip = W.srcip and D before W delta 1s", "W.srcip = A.dstip and W.dstip = A.srcip"] }
EOT
  expect_output $'W.srcip\n10.0.0.3' nfql-run query.json trace.ft -O csv --columns W.srcip
  nfql-run --explain query.json trace.ft -O csv --columns W.srcip >pipeline
  [ "$(bash pipeline)" = $'W.srcip\n10.0.0.3' ]
  sed -i 's/D before W/D before X/' query.json
  expect_error 2 "except[0]: no branch is named 'X'" nfql-run query.json trace.ft
  echo '{"branches": {"A": {}}, "except": ["any"]}' >query.json
  expect_error 2 "stands without a 'merge'" nfql-run query.json trace.ft
}

@test "terms that can never hold together are an error before anything is read" {
  flows
  expect_error 2 "'A before B' and 'A after B' can never hold together" \
    nfql-merge 'A before B and A after B' A=web.nfql B=web.nfql
  [[ $stderr == *$'  A before B and A after B\n'*'^'* ]]
  run -0 --separate-stderr nfql-merge 'A before B and A after B or A = B' A=web.nfql B=web.nfql -O csv
  [[ $stderr == *"an alternative that is never true"* ]]
  [ "${#lines[@]}" -eq 4 ]
}

@test "branches are not told apart by the case of their names" {
  flows
  expect_error 2 "two branches are named 'a' and 'A'" nfql-merge 'a.srcip = A.srcip' a=web.nfql A=web.nfql
  [[ $stderr == *"upper and lower case"* ]]
  expect_output $'A.srcip\n10.0.0.1' nfql-merge 'a.srcip = 10.0.0.1' A=web.nfql -O csv --columns A.srcip
  echo '{"branches": {"a": {}, "A": {}}, "merge": "a.srcip = A.srcip"}' >query.json
  expect_error 2 "there is a branch 'a' already" nfql-run query.json trace.ft
}

@test "nfql-run says once what the merger warns of" {
  flows
  echo '{"branches": {"A": {}, "B": {}}, "merge": "A.srcip = 10.0.0.1"}' >query.json
  run -0 --separate-stderr nfql-run query.json trace.ft -O csv
  [ "$stderr" = "nfql-run: warning: query.json:1:25: branch 'B' is in no term: it multiplies the result" ]
}

# pairs EXPR: the last numbers of the sources that a merge of sets.nfql with itself finds.
pairs() {
  nfql-merge "$1" A=sets.nfql B=sets.nfql -q -O csv --columns A.srcip,B.srcip |
    sed -n 's/10\.0\.0\.//g; 2,$p' | paste -sd' '
}

@test "sets of two branches compare by =, in and intersects" {
  flows
  nfql-group srcip -a 'union(dstport) as ports, union(dstip) as hosts, first(dstport) as port' \
    trace.ft -o sets.nfql
  [ "$(pairs 'A.ports = B.ports')" = "3,3 3,2 2,3 2,2 1,1 8,8" ]
  [ "$(pairs 'A.ports in B.ports')" = "3,3 3,2 2,3 2,2 1,3 1,2 1,1 8,8" ]
  [ "$(pairs 'A.ports in B.ports and A.ports != B.ports')" = "1,3 1,2" ]
  [ "$(pairs 'A.port in B.ports and not B.port in A.ports')" = "1,3 1,2" ]
  [ "$(pairs 'not A.ports intersects B.ports and A.srcip < B.srcip')" = "3,8 2,8 1,8" ]
  [ "$(pairs 'A.srcip in B.hosts')" = "1,8 8,3 8,2 8,1" ]
  [ "$(pairs 'A.ports = {53, 80} and B.ports = {1234}')" = "3,8 2,8" ]
  expect_error 2 "'A.ports' is a set, 'B.port' is a port" nfql-merge 'A.ports = B.port' A=sets.nfql B=sets.nfql
  [[ $stderr == *"'in'"* ]]
  expect_error 2 "a delta is for numbers and times" nfql-merge 'A.ports = B.ports delta 1' A=sets.nfql B=sets.nfql
}

@test "delta is a tolerance of every comparison, and of relations in time" {
  flows
  nfql-group srcip -a 'sum(bytes) as b, avg(bytes) as mean' trace.ft -o sets.nfql
  [ "$(pairs 'A.b = B.b delta 160 and A.srcip < B.srcip')" = "2,3 1,3 1,2" ]
  [ "$(pairs 'A.b != B.b delta 160 and A.srcip < B.srcip')" = "3,8 2,8 1,8" ]
  [ "$(pairs 'A.mean = B.mean delta 0.5 and A.srcip < B.srcip')" = "2,3" ]
  [ "$(pairs 'A.b < B.b delta 1 and A.b > B.b delta 1 and A.srcip < B.srcip')" = "2,3" ]
  [ "$(pairs 'A = B delta 1s and A.srcip < B.srcip')" = "2,8 1,2 1,8" ]
  expect_error 2 "a unit of time" nfql-merge 'A.b = B.b delta 1s' A=sets.nfql B=sets.nfql
}
