#!/usr/bin/env bats
# nfql-run with queries in the text form: translated, checked, run; files named in the query.
# shellcheck disable=SC2154  # run sets stderr

load support/common

texts=$NFQL_SOURCE_DIR/tests/data/text
lab=$NFQL_SOURCE_DIR/examples/lab.ft

query() {
  cat >q.nfql <<'END'
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
  nfql-run q.nfql "$lab" -o - -O csv | cmp - expected.csv
  nfql-run --to-json q.nfql | nfql-run - "$lab" -o - -O csv | cmp - expected.csv
  nfql-run - "$lab" -o - -O csv <q.nfql | cmp - expected.csv
}

@test "files that the query names are read and written, unless the command line names others" {
  query
  cp "$lab" trace.ft
  nfql-run q.nfql
  nfql-run q.nfql "$lab" -o other.csv
  cmp out.csv other.csv
  rm out.csv trace.ft
  nfql-run --to-json q.nfql >q.json
  expect_error 1 "trace.ft: cannot open" nfql-run q.nfql
  expect_error 1 "trace.ft: cannot open" nfql-run q.json
  nfql-run q.nfql "$lab"
  cmp out.csv other.csv
  rm out.csv
  nfql-run q.json "$lab"
  cmp out.csv other.csv
}

@test "to check a query, the files that it names need not be there" {
  query
  expect_output "" nfql-run --check q.nfql
  run -0 nfql-run --explain q.nfql
  [[ $output == *"nfql-merge --columns A.count -e 'A.srcip = B.dstip and A.dstip = B.srcip'"* ]]
  expect_error 1 "missing.ft: cannot open" nfql-run --check q.nfql missing.ft
}

@test "branches without a merger have a file each" {
  cat >q.nfql <<'END'
splitter S {}
filter dns { dstport = 53 }
grouper g { srcip }
"trace.ft" -> S   S branch A -> dns -> "dns.csv"   S branch B -> g -> "hosts.csv"
END
  nfql-run q.nfql "$lab"
  cmp dns.csv <(nfql-filter 'dstport = 53' "$lab" -O csv)
  cmp hosts.csv <(nfql-group srcip "$lab" -O csv)
  nfql-run --to-json q.nfql >q.json
  rm dns.csv
  nfql-run q.json "$lab"
  cmp dns.csv <(nfql-filter 'dstport = 53' "$lab" -O csv)
  nfql-run q.nfql "$lab" -o 'x-%b.csv'
  cmp x-A.csv dns.csv
}

@test "the options of the command line are in what --to-json prints" {
  query
  run -0 nfql-run --to-json q.nfql --flat --emit collection -n 5
  [ "$(jq -c '[.ungroup, .emit, .limit]' <<<"$output")" = '[{"flat":true},"collection",5]' ]
}

@test "what is not used is warned of" {
  query
  echo 'filter other { srcport = 1 }' >>q.nfql
  run -0 --separate-stderr nfql-run --check q.nfql
  [ "$stderr" = "nfql-run: warning: q.nfql:11:8: the filter 'other' is not used" ]
}

@test "six queries of the prototype's kind are read, and are the same in JSON" {
  count=0
  for text in "$texts"/*.nfql; do
    nfql-run --to-json "$text" >query.json
    nfql-run --to-json query.json | cmp - query.json
    count=$((count + 1))
  done
  [ "$count" -eq 6 ]
  run -0 nfql-run --to-json "$texts/http-answers.nfql"
  [ "$(jq -r .branches.A.group <<<"$output")" = \
    "srcip = srcip and dstip = dstip and etime < stime rdelta 1s" ]
  [ "$(jq -r .merge <<<"$output")" = \
    "A.srcip = B.dstip and A.ports = B.ports and A.bytes < B.bytes and (B oi A OR B d A)" ]
  run -0 nfql-run --to-json "$texts/unasked.nfql"
  [ "$(jq -c '[.branches.V.modules, .branches.V.filter, .merge, .except]' <<<"$output")" = \
    '[["m"],"prot = protocol(\"TCP\") and (dstport = 80 OR dstport = 443)","V.srcip = V.srcip",["V.srcip = L.srcip and (L < V delta 2s OR L o V)"]]' ]
}

@test "queries of the prototype's kind run, in JSON and as pipelines too" {
  examples=$NFQL_SOURCE_DIR/examples
  while read -r text trace rows; do
    nfql-run "$texts/$text.nfql" "$examples/$trace.ft" -o - -O csv >out.csv
    [ "$(tail -n +2 out.csv | wc -l)" -eq "$rows" ] || wrong "$text: $(wc -l <out.csv)"
    nfql-run --to-json "$texts/$text.nfql" | nfql-run - "$examples/$trace.ft" -o - -O csv | cmp - out.csv
    bash -c "$(nfql-run --explain "$texts/$text.nfql" "$examples/$trace.ft" -o - -O csv)" | cmp - out.csv
  done <<'END'
http-answers scan 24
tls-meets lab 0
start-up chatter 9
two-services lab 0
unasked web 22
END
  nfql-run "$texts/replies.nfql" "$lab"
  [ "$(wc -l <conversations.csv)" -gt 1 ]
  nfql-filter -e 'proto != 1 and not (proto = udp and (srcport = 53 or dstport = 53))' "$lab" -O csv >rest.csv
  nfql-filter rest.ft -O csv | cmp - rest.csv
}

@test "modules that are not exported are removed" {
  make_flows trace.ft <<'END'
1000,1100,10.0.0.1,1000,10.0.0.9,53,17,0,1,60
1500,1900,10.0.0.1,2000,10.0.0.8,80,6,0x1b,5,500
1600,1900,10.0.0.2,2000,10.0.0.8,80,6,0x1b,5,500
9000,9900,10.0.0.1,2001,10.0.0.8,80,6,0x1b,5,500
END
  cat >q.nfql <<'END'
splitter S {}
filter web { dstport = 80 }  filter dns { dstport = 53 }
merger M { module m1 { branches V }
           module m2 { branches V, L  V.srcip = L.srcip  L before V delta 2s }
           export m1 }
ungrouper U { flat }
S branch V -> web -> M   S branch L -> dns -> M   M -> U -> "-"
END
  run -0 nfql-run q.nfql trace.ft -O csv --columns srcip,srcport
  [ "$output" = $'srcip,srcport\n10.0.0.2,2000\n10.0.0.1,2001' ]
  # Without any lookup there is no match of m2.
  sed -i 's/dstport = 53/dstport = 54/; s/V.srcip = L.srcip  L before V delta 2s//' q.nfql
  [ "$(nfql-run q.nfql trace.ft -O csv | wc -l)" -eq 4 ]
  sed -i 's/dstport = 54/dstport = 53/' q.nfql
  [ "$(nfql-run q.nfql trace.ft -O csv | wc -l)" -eq 1 ]
}
