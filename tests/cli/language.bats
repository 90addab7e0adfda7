#!/usr/bin/env bats
# Sentences of the language that only show in what a whole tool prints.
# shellcheck disable=SC2154  # run sets stderr

load support/common

flows() {
  make_flows trace.ft <<'EOF'
1335830400000,1335830401500,10.0.0.1,1234,10.0.0.8,80,6,0x1b,5,500
1335830401000,1335830402000,10.0.0.1,1235,10.0.0.8,443,6,0x02,4,4000
1335830404000,1335830404250,10.0.0.1,53,10.0.0.9,53,17,0,1,77
EOF
}

@test "median, mean and quantile of a time are times" {
  flows
  expect_output "mean_start,median_start,quantile_start_0.5
2012-05-01T00:00:01.667Z,2012-05-01T00:00:01.000Z,2012-05-01T00:00:01.000Z" \
    nfql-group srcip -a 'mean(start), median(start), quantile(start, 0.5)' trace.ft -O csv \
    --columns mean_start,median_start,quantile_start_0.5
}

@test "a date alone is midnight, in the zone of --tz" {
  flows
  expect_output $'srcport\n1234' nfql-filter 'start = 2012-05-01' trace.ft -O csv --columns srcport
  expect_output $'srcport\n1234' nfql-filter 'start = 2012-05-01T02:00' --tz +02:00 trace.ft -O csv \
    --columns srcport
  expect_output "srcport" nfql-filter 'start < 2012-05-01' trace.ft -O csv --columns srcport
  expect_output $'srcport\n1234\n1235\n53' nfql-filter 'start > 2012-05-01' --tz +02:00 trace.ft -O csv \
    --columns srcport
}

@test "what the tools print can be read back as a literal" {
  flows
  for zone in UTC +02:00 -05:30; do
    for time in iso ms; do
      nfql-filter trace.ft -O csv --tz "$zone" --time "$time" >all.csv
      tail -n +2 all.csv >rows
      [ "$(wc -l <rows)" -eq 3 ]
      names=$(head -n 1 all.csv)
      while IFS= read -r row; do
        expression=$(paste -d= <(tr ',' '\n' <<<"$names") <(tr ',' '\n' <<<"$row") | paste -sd,)
        [ "$(nfql-filter -e "$expression" trace.ft -O csv --tz "$zone" --time "$time" | tail -n +2)" = "$row" ]
      done <rows
    done
  done
  # Names of protocols and flags, as the table has them.
  nfql-filter trace.ft -O table --columns proto,flags,srcport | tail -n +2 >rows
  while read -r proto flags srcport; do
    [ "$flags" != . ] || continue # no flag
    expect_output $'srcport\n'"$srcport" nfql-filter "proto = $proto and flags = $flags" trace.ft -O csv \
      --columns srcport
  done <rows
}

@test "branches of the term form are strings in the statistics" {
  flows
  echo '{"branchset": [{}, {}], "merger": {"dnf-expr": []}}' >q.json
  run -0 --separate-stderr bash -c 'nfql-run q.json trace.ft -O csv --stats=json >/dev/null'
  [ "$(tail -n 1 <<<"$stderr" | jq -c '[.stages[].branch]')" = '["0","1",""]' ]
}
