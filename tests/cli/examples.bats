#!/usr/bin/env bats
# The queries in examples/ find what they should in real traffic (what they find in made traffic is
# in library.bats), and the commands of the README and the manual pages work.

load support/common

# rows QUERY TRACE [OPTION...]: how many rows the query gives.
rows() {
  local query=$1 trace=$2
  shift 2
  nfql-run "$NFQL_SOURCE_DIR/examples/$query.json" "$NFQL_SOURCE_DIR/examples/$trace.ft" -O csv "$@" |
    tail -n +2 | wc -l
}

@test "http-sessions: the three large downloads, each with its request" {
  [ "$(rows http-sessions lab)" -eq 6 ]
  run -0 nfql-run "$NFQL_SOURCE_DIR/examples/http-sessions.json" "$NFQL_SOURCE_DIR/examples/lab.ft" \
    -O csv --columns stream,srcport,dstport
  [ "$output" = $'stream,srcport,dstport\n0,42680,80\n0,80,42680\n1,42888,80\n1,80,42888\n2,49800,80\n2,80,49800' ]
}

@test "dns-then-http: what Python finds by two loops" {
  nfql-filter "$NFQL_SOURCE_DIR/examples/lab.ft" -O csv --time ms >flows.csv
  expected=$(/usr/bin/python3 - <<'EOF'
import csv
flows = list(csv.DictReader(open("flows.csv")))
asked = [f for f in flows if f["proto"] == "17" and f["dstport"] == "53"]
visits = [f for f in flows if f["proto"] == "6" and f["dstport"] == "80"]
print(sum(a["srcip"] == v["srcip"] and 0 < int(v["start"]) - int(a["end"]) <= 30
          for a in asked for v in visits))
EOF
)
  [ "$expected" -gt 40 ]
  [ "$(rows dns-then-http lab)" -eq "$expected" ]
}

@test "ssh-attempts: the sixteen short connections" {
  [ "$(rows ssh-attempts lab)" -eq 16 ]
}

@test "the commands in README.md work" {
  cd "$NFQL_SOURCE_DIR"
  commands=$(sed -n 's/^\$ \(nfql-.*\)$/\1/p' README.md)
  [ "$(wc -l <<<"$commands")" -ge 4 ]
  while IFS= read -r command; do
    run -0 bash -c "$command"
    [ -n "$output" ]
  done <<<"$commands"
}

@test "the examples of the manual pages work" {
  ran=0
  for page in "$NFQL_SOURCE_DIR"/man/nfql-{filter,group,gfilter,merge,ungroup,run}.1 \
    "$NFQL_SOURCE_DIR"/man/nfql{-query.5,.7}; do
    cp "$NFQL_SOURCE_DIR"/examples/{lab.ft,http-sessions.json} .
    # The literal displays, less roff's escapes; those that need other people's tools are not ours to test.
    awk '/^\.Bd -literal/ {on = 1; text = ""; next} /^\.Ed/ {if (on) print text; on = 0} on {text = text $0 "\n"}' \
      "$page" | sed 's/\\e/\\/g' >all
    grep -qE '^ *nfql-' all || continue
    awk 'BEGIN {RS = ""} /nfql-/ && !/flow-(cat|print)|rwfilter/ && !/nfcapd/ && !/"tool"/ && !/hint:/ && !/archive/' all >script
    [ -s script ] || continue
    run -0 bash -euo pipefail script
    ran=$((ran + 1))
  done
  [ "$ran" -eq 8 ]
}

@test "the queries that nfql-query(5) shows are right" {
  cp "$NFQL_SOURCE_DIR/examples/lab.ft" .
  awk '/^\.Bd -literal/ {on = 1; n++; next} /^\.Ed/ {on = 0} on {print >(n ".query")}' \
    "$NFQL_SOURCE_DIR/man/nfql-query.5"
  grep -l '^cat ' ./*.query | xargs rm  # the examples, which run by themselves
  grep -lE '^(splitter|\{ "branches)' ./*.query >whole
  [ "$(wc -l <whole)" -eq 2 ]
  while read -r query; do
    expect_output "" nfql-run --check "$query"
    nfql-run "$query" lab.ft -o out.csv
    [ "$(wc -l <out.csv)" -gt 1 ]
  done <whole
  # Parts of queries are made whole.
  grep -lE '^(filter|grouper|merger) ' ./*.query | grep -vxFf whole >parts
  [ "$(wc -l <parts)" -eq 3 ]
  while read -r query; do
    {
      echo 'splitter S {}' && cat "$query"
      case $(cat "$query") in
        filter*) echo 'S branch V -> out -> "-"' ;;
        grouper*) echo 'S branch V -> hosts -> "-"' ;;
        merger*) echo 'S branch V -> unasked  S branch L -> unasked  unasked -> "-"' ;;
      esac
    } >whole.query
    expect_output "" nfql-run --check whole.query
  done <parts
}
