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
