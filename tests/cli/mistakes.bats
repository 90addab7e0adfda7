#!/usr/bin/env bats
# nfql-run tells all that is wrong with a query, each mistake with its place and what to do.
# shellcheck disable=SC2154  # run sets stderr

load support/common

# places: where nfql-run says that something is wrong.
places() {
  grep -oE '^nfql-run: [^ ]+:[0-9]+:[0-9]+' <<<"$stderr" | sed 's/.*: //' | paste -sd' '
}

@test "five mistakes in a text query are five errors, each at its place" {
  cat >q.nfql <<'END'
splitter S {}
filter req { dstprot = 80  proto = tcp }
filter res { srcport = 70000 }
grouper g { srcip  dstip  aggregate sum(bytes) as total, max(packtes) }
groupfilter gf { totl > 5k  total < 1M }
merger M { module m { branches A, B  A.srcip = B.dstip  A.flags = B.flags } export m }
ungrouper U {}
S branch A -> req -> g -> gf -> M   S branch B -> res -> g -> M   M -> U -> "out.csv"
END
  run -2 --separate-stderr nfql-run --check q.nfql
  [ "$(places)" = "q.nfql:2:14 q.nfql:3:24 q.nfql:4:62 q.nfql:5:18 q.nfql:6:57" ]
  expected="nfql-run: q.nfql:2:14: filter req: the input has no field 'dstprot'
  filter req { dstprot = 80  proto = tcp }
               ^~~~~~~
  hint: did you mean 'dstport'?"
  [[ $stderr == "$expected"$'\n'* ]]
  [[ $stderr == *"70000 does not fit 'srcport' (u16, at most 65535)"* ]]
  [[ $stderr == *"hint: did you mean 'packets'?"* ]]
  [[ $stderr == *"hint: did you mean 'total'?"* ]]
  [[ $stderr == *"hint: add 'or(flags) as flags' to the aggregates of branch 'A'"* ]]
  # A run tells the same, and writes nothing.
  checked=$stderr
  cp "$NFQL_SOURCE_DIR/examples/lab.ft" .
  run -2 --separate-stderr nfql-run q.nfql lab.ft
  [ "$stderr" = "$checked" ]
  [ ! -e out.csv ]
}

@test "five mistakes in a JSON query are five errors, each at its place in the file" {
  cat >q.json <<'END'
{ "branches": {
    "req": {"filter": "proto = \"tpc\" and\n dstprot = 80", "group": "srcip, dstip", "order": "up"},
    "res": {"filter": "srcport = ", "grupo": "srcip"} },
  "merge": "req.srcip = rse.dstip",
  "ungroup": {} }
END
  run -2 --separate-stderr nfql-run --check q.json
  [ "$(places)" = "q.json:2:32 q.json:2:46 q.json:2:96 q.json:3:33 q.json:3:38 q.json:4:25" ]
  [[ $stderr == *"q.json:2:46: branches.req.filter: the input has no field 'dstprot'"* ]]
  [[ $stderr == *"q.json:3:38: branches.res: unknown key 'grupo'"*"known here: filter, group,"* ]]
  [[ $stderr == *"q.json:4:25: merge: no branch is named 'rse'"*"did you mean 'res'?"* ]]
}

@test "several mistakes of one expression are told one by one" {
  echo '{"branches": {"A": {"filter": "srcprt = 1 and (bytes > 1 or not dstprt = 2) and srcip = 7"}}}' >q.json
  run -2 --separate-stderr nfql-run --check q.json
  [ "$(places)" = "q.json:1:32 q.json:1:65 q.json:1:81" ]
  echo '{"branches": {"A": {"group": "srcpi, dstip, prefix(bytes, 3)", "aggregate": "sun(bytes), max(x), sum(pkts) as p, p, max(srcip) as p"}}}' >q.json
  run -2 --separate-stderr nfql-run --check q.json
  [ "$(places)" = "q.json:1:31 q.json:1:52 q.json:1:78 q.json:1:94 q.json:1:114 q.json:1:117" ]
}

@test "what follows from a mistake is no further mistake" {
  cat >q.json <<'END'
{ "branches": {
    "A": {"group": "srcpi", "aggregate": "summ(bytes) as total, max(pakets)", "gfilter": "total > 5 and max_pakets > 1 and srcip = 10.0.0.1"},
    "B": {"group": "dstip, ,", "aggregate": "sum(bytes)", "gfilter": "x > 5"} },
  "merge": "A.srcip = B.dstip and A.total > 5 and B.anything = 7 and A.srcip = A.other" }
END
  run -2 --separate-stderr nfql-run --check q.json
  [ "$(places)" = "q.json:2:21 q.json:2:43 q.json:2:69 q.json:3:27" ]
}

@test "mistakes in excluded tuples are found too" {
  echo '{"branches": {"A": {}, "B": {}}, "merge": "A.srcip = B.srcip", "except": ["A.srcip = B.dstip", "A.scrip = B.srcip and C o A"]}' >q.json
  run -2 --separate-stderr nfql-run --check q.json
  [ "$(places)" = "q.json:1:97 q.json:1:119" ]
}

@test "a query that is neither JSON nor text is told so, with its place" {
  printf '{"branches": {"A": {}}\n"merge": ""}' >q.json
  expect_error 2 "q.json:2:1: is not JSON here" nfql-run --check q.json
  printf '{"branches": {"A": {"filter": "x = 1}}}' >q.json
  expect_error 2 "q.json:1:40: is not JSON here: A string is opened, but never closed" nfql-run --check q.json
  echo 'SELECT * FROM flows' >q.nfql
  expect_error 2 "q.nfql:1:7: expected '->' or 'branch' after 'SELECT'" nfql-run --check q.nfql
  printf '\n' >q.nfql
  expect_error 2 "q.nfql: is empty, and no query" nfql-run --check q.nfql
  head -c 300 /dev/urandom | tr -d '{[' >q.nfql
  run -2 nfql-run --check q.nfql
}

@test "a trace that is missing does not hide the mistakes of the query" {
  echo '{"branches": {"A": {"filter": "srcport = "}}}' >q.json
  expect_error 2 "q.json:1:41: branches.A.filter: expected a value" nfql-run q.json missing.ft
  echo '{"branches": {"A": {"filter": "srcport = 1"}}}' >q.json
  expect_error 1 "missing.ft: cannot open" nfql-run q.json missing.ft
}

# told: every message of the last run with its place, and the hints.
told() {
  grep -E '^nfql-run: |^  hint: ' <<<"$stderr" | sed 's/^nfql-run: //; s/^  hint: /  /'
}

# expect_told TEXT QUERY: what --check says of a query in the file q.
expect_told() {
  printf '%s\n' "$2" >q
  run --separate-stderr nfql-run --check q
  [ "$(told)" = "$1" ] || wrong "expected: $1"
}

@test "contradictions are told beside other mistakes, of the terms that are right" {
  expect_told "q:1:59: merge: 'A before B' and 'A after B' can never hold together
q:1:73: merge: the groups of branch 'A' have no 'scrip'
  did you mean 'A.srcip'?" \
    '{"branches": {"A": {}, "B": {}}, "merge": "A before B and A after B and A.scrip = B.srcip"}'
  expect_told "q:1:32: branches.A.filter: the input has no field 'x'
q:1:91: except[0]: 'A before B' and 'A after B' can never hold together" \
    '{"branches": {"A": {"filter": "x = 1"}, "B": {}}, "merge": "", "except": ["A before B and A after B", ""]}'
}

@test "mistakes of the whole have a place too" {
  expect_told "q:1:59: except[0]: is always true: nothing would be left
  write which groups leave a tuple out, such as 'A.srcip = B.dstip'" \
    '{"branches": {"A": {}, "B": {}}, "merge": "", "except": [""]}'
  expect_told "q:1:45: the ungrouper gives the flows of branch 'A', which this drops
  leave this out, or leave the ungrouper out" \
    '{"branches": {"A": {"group": "", "members": false}}, "ungroup": {}}'
  expect_told "q:2:13: the ungrouper gives the flows of branch 'A', which this drops
  leave this out, or leave the ungrouper out" \
    $'splitter S {} ungrouper U {}\ngrouper g { no members }\nS branch A -> g -> U'
  expect_told "q:1:45: ungroup: several branches are ungrouped without a merger
  add \"merge\": \"\" for all tuples, or ungroup one branch a query" \
    '{"branches": {"A": {}, "B": {}}, "ungroup": {}}'
  expect_told "q:1:67: branches.A.modules: the terms have 2 modules, but this names 1
  a module is a list of terms, and 'or' stands between lists" \
    '{"branches":         {"A": {"group": "srcip or dstip", "modules": ["a"], "aggregate": "a.count, b.count"}}}'
  # The members of what is excluded are not missed.
  expect_told "" '{"branches": {"A": {"group": "srcip"}, "B": {"group": "srcip", "members": false}},
                   "merge": "A.count > 0", "except": ["A.srcip = B.srcip"], "ungroup": {}}'
}

@test "warnings have a place" {
  expect_told "warning: q:1:53: merge: 'A before B' and 'A after B' can never hold together: an alternative that is never true
warning: q:1:34: branch 'C' is in no term: it multiplies the result" \
    '{"branches": {"A": {}, "B": {}, "C": {}}, "merge": "A before B and A after B or A.srcip = B.srcip"}'
}

@test "a misspelt key or name is the only mistake" {
  expect_told "q:1:35: unknown key 'merg'
  did you mean 'merge'?" \
    '{"branches": {"A": {}, "B": {}}, "merg": "", "except": ["any"], "emit": "tuples", "ungroup": {}}'
  expect_told "q:1:40: branches.A: unknown key 'aggregat'
  did you mean 'aggregate'?" \
    '{"branches": {"A": {"group": "srcip", "aggregat": "sum(bytes) as total", "gfilter": "total > 3"}}}'
  expect_told "q:1:53: branches.A.aggregate: unknown aggregate function 'summ'
  did you mean 'sum'?
q:1:88: branches.A.gfilter: the groups have no column 'totl'
  did you mean 'total'?
q:1:120: merge: the groups of branch 'A' have no 'totl'
  did you mean 'A.total'?" \
    '{"branches": {"A": {"group": "srcip", "aggregate": "summ(bytes) as total", "gfilter": "totl > 3"}, "B": {}}, "merge": "A.totl = 3 and B.srcip = A.srcip"}'
  expect_told "q:2:37: there is a module 'a' already
  names of modules differ in more than case" \
    $'splitter S {} S branch A -> g -> "-"\ngrouper g { module a {srcip} module a {dstip} aggregate a.sum(bytes), b.sum(bytes) }'
}

@test "a byte order mark is no part of a query" {
  printf '\xef\xbb\xbf{"branches": {"A": {}}, "limi": 1}' >q.json
  expect_error 2 "q.json:1:26: unknown key 'limi'" nfql-run --check q.json
  printf '\xef\xbb\xbfsplitter S {} S branch A -> "x"' >q.nfql
  expect_output "" nfql-run --check q.nfql
}

@test "--to-json has no zone for times without one" {
  printf 'splitter S {} filter f { start > 2012-05-01T10:00 and end < 2012-05-02T00:00Z }\nS branch A -> f -> "-"' >q.nfql
  run -0 nfql-run --to-json q.nfql
  expect_error 2 "q.nfql:1:34: --to-json: the JSON form has no --tz" nfql-run --to-json --tz +02:00 q.nfql
  [ "$(grep -c '\^' <<<"$stderr")" -eq 1 ]
}

@test "names of branches that differ in case only are one mistake, in both forms" {
  echo '{"branches": {"A": {"group": "srcip"}, "a": {"group": "srcip"}}, "merge": "A.srcip = a.dstip"}' >q.json
  run -2 --separate-stderr nfql-run --check q.json
  [ "$(places)" = "q.json:1:41" ]
  [ "$(wc -l <<<"$stderr")" -eq 4 ]
  cat >q.nfql <<'END'
splitter S {}
grouper g { srcip }
merger M { A.srcip = a.dstip }
S branch A -> g -> M   S branch a -> g -> M
END
  run -2 --separate-stderr nfql-run --check q.nfql
  [ "$(places)" = "q.nfql:4:33" ]
  [ "$(wc -l <<<"$stderr")" -eq 4 ]
}
