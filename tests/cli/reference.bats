#!/usr/bin/env bats
# The queries of the 2013 implementation give the counts that it gave, on its two traces.

load support/common

# counts TRACE QUERY: what reference.json says, from our stats and streams.
counts() {
  local stats
  nfql-run "$NFQL_SHARED/data/queries/query-$2.json" "$NFQL_SHARED/data/$1.ftz" -q -O csv \
    --stats=json --columns stream >streams.csv 2>stats.json || return 1
  stats=$(tail -n 1 stats.json)
  sizes=$(tail -n +2 streams.csv | uniq -c | awk '{print $1}' | sort -n | jq -s -c .)
  jq -S -c --argjson sizes "$sizes" '
    def rows(s): [.stages[] | select(.stage == s) | .rows_out];
    {filter: rows("filter"), grouper: rows("group"), groupfilter: rows("gfilter"),
     merger: rows("merge"), streams: [.stages[] | select(.stage == "ungroup") | .streams],
     stream_records: $sizes}' <<<"$stats"
}

@test "four queries on two traces" {
  need_shared
  for trace in trace-2009 trace-2012; do
    for query in dns-udp http-octets http-tcp-session mdns-udp; do
      expected=$(jq -S -c ".\"$trace/$query\" | .stream_records |= sort" "$NFQL_SHARED/data/reference.json")
      actual=$(counts "$trace" "$query")
      [ "$actual" = "$expected" ] || { diff <(jq . <<<"$expected") <(jq . <<<"$actual"); false; }
    done
  done
}

@test "the same queries as pipelines give the same bytes" {
  need_shared
  for query in dns-udp http-tcp-session mdns-udp; do
    nfql-run "$NFQL_SHARED/data/queries/query-$query.json" "$NFQL_SHARED/data/trace-2012.ftz" -q -O csv >run.csv
    nfql-run "$NFQL_SHARED/data/queries/query-$query.json" "$NFQL_SHARED/data/trace-2012.ftz" -q -O csv --explain >pipeline
    bash pipeline 2>/dev/null | cmp - run.csv
  done
}

@test "flow-tools samples are read, or refused with the place of the fault" {
  need_shared
  samples=$NFQL_SHARED/data/samples
  for good in "$samples"/correct_* "$samples"/anomaly_*; do
    nfql-filter "$good" -O csv >/dev/null
  done
  [ "$(nfql-filter "$samples/correct_ftv5.2016-01-13.compress.9.sample" -O csv | wc -l)" -eq 1001 ]
  expect_error 1 "corrupt_ftv5" nfql-filter "$samples/corrupt_ftv5.2016-01-13.compress.9.sample-00" -o out.csv
  expect_error 1 "corrupt_ftv5" nfql-filter "$samples/corrupt_ftv5.2016-01-13.compress.9.sample-01" -o out.csv
}
