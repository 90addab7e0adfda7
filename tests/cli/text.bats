#!/usr/bin/env bats
# nfql-run with queries in the text form: translated, checked, run; files named in the query.
# shellcheck disable=SC2154  # run sets stderr

load support/common

texts=$NFQL_SOURCE_DIR/tests/data/text
lab=$NFQL_SOURCE_DIR/examples/lab.ft

query() {
  cat >q.flw <<'END'
splitter S {}
filter request { dstport = http  proto = tcp }
filter response { srcport = http  proto = tcp }
grouper g { srcip  dstip  aggregate sum(bytes) as total }
groupfilter large { total > 100k }
merger M { module m { branches A, B  A.srcip = B.dstip  A.dstip = B.srcip } export m }
ungrouper U {}
"trace.ft" -> S
S branch A -> request -> g -> M    S branch B -> response -> g -> large -> M
M -> U -> "out.csv"
END
}

@test "a query in the text form gives what the same query in JSON gives" {
  query
  cat >q.json <<'END'
{ "branches": {
    "A": {"filter": "dstport = http and proto = tcp", "group": "srcip, dstip",
          "aggregate": "sum(bytes) as total"},
    "B": {"filter": "srcport = http and proto = tcp", "group": "srcip, dstip",
          "aggregate": "sum(bytes) as total", "gfilter": "total > 100k"} },
  "merge": "A.srcip = B.dstip and A.dstip = B.srcip",
  "ungroup": {} }
END
  nfql-run q.json "$lab" -O csv >expected.csv
  [ "$(wc -l <expected.csv)" -gt 5 ]
  nfql-run q.flw "$lab" -o - -O csv | cmp - expected.csv
  nfql-run --to-json q.flw | nfql-run - "$lab" -o - -O csv | cmp - expected.csv
  nfql-run - "$lab" -o - -O csv <q.flw | cmp - expected.csv
}

@test "files that the query names are read and written, unless the command line names others" {
  query
  cp "$lab" trace.ft
  nfql-run q.flw
  nfql-run q.flw "$lab" -o other.csv
  cmp out.csv other.csv
  rm out.csv trace.ft
  nfql-run --to-json q.flw >q.json
  expect_error 1 "trace.ft: cannot open" nfql-run q.flw
  expect_error 1 "trace.ft: cannot open" nfql-run q.json
  nfql-run q.flw "$lab"
  cmp out.csv other.csv
  rm out.csv
  nfql-run q.json "$lab"
  cmp out.csv other.csv
}

@test "to check a query, the files that it names need not be there" {
  query
  expect_output "" nfql-run --check q.flw
  run -0 nfql-run --explain q.flw
  [[ $output == *"nfql-merge 'A.srcip = B.dstip and A.dstip = B.srcip'"* ]]
  expect_error 1 "missing.ft: cannot open" nfql-run --check q.flw missing.ft
}

@test "branches without a merger have a file each" {
  cat >q.flw <<'END'
splitter S {}
filter dns { dstport = 53 }
grouper g { srcip }
"trace.ft" -> S   S branch A -> dns -> "dns.csv"   S branch B -> g -> "hosts.csv"
END
  nfql-run q.flw "$lab"
  cmp dns.csv <(nfql-filter 'dstport = 53' "$lab" -O csv)
  cmp hosts.csv <(nfql-group srcip "$lab" -O csv)
  nfql-run --to-json q.flw >q.json
  rm dns.csv
  nfql-run q.json "$lab"
  cmp dns.csv <(nfql-filter 'dstport = 53' "$lab" -O csv)
  nfql-run q.flw "$lab" -o 'x-%b.csv'
  cmp x-A.csv dns.csv
}

@test "the options of the command line are in what --to-json prints" {
  query
  run -0 nfql-run --to-json q.flw --flat --emit collection -n 5
  [ "$(jq -c '[.ungroup, .emit, .limit]' <<<"$output")" = '[{"flat":true},"collection",5]' ]
}

@test "what is not used is warned of" {
  query
  echo 'filter other { srcport = 1 }' >>q.flw
  run -0 --separate-stderr nfql-run --check q.flw
  [ "$stderr" = "nfql-run: warning: q.flw:11:8: the filter 'other' is not used" ]
}

@test "six queries of the prototype's kind are read, and are the same in JSON" {
  count=0
  for text in "$texts"/*.flw; do
    nfql-run --to-json "$text" >query.json
    nfql-run --to-json query.json | cmp - query.json
    count=$((count + 1))
  done
  [ "$count" -eq 6 ]
  run -0 nfql-run --to-json "$texts/http-answers.flw"
  [ "$(jq -r .branches.A.group <<<"$output")" = \
    "srcip = srcip and dstip = dstip and etime < stime rdelta 1s" ]
  [ "$(jq -r .merge <<<"$output")" = \
    "A.srcip = B.dstip and A.ports = B.ports and A.bytes < B.bytes and (B oi A OR B d A)" ]
  run -0 nfql-run --to-json "$texts/unasked.flw"
  [ "$(jq -c '[.branches.V.modules, .branches.V.filter, .merge, .except]' <<<"$output")" = \
    '[["m"],"prot = protocol(\"TCP\") and (dstport = 80 OR dstport = 443)","V.srcip = V.srcip",["V.srcip = L.srcip and (L < V delta 2s OR L o V)"]]' ]
}

@test "queries of the prototype's kind run" {
  for text in tls-meets start-up two-services; do
    nfql-run "$texts/$text.flw" "$lab" -o - -O csv >out.csv
    nfql-run --to-json "$texts/$text.flw" | nfql-run - "$lab" -o - -O csv | cmp - out.csv
    bash -c "$(nfql-run --explain "$texts/$text.flw" "$lab" -o - -O csv)" | cmp - out.csv
  done
}
