#!/usr/bin/env bats
# The term form of 2013 from the query to the result: every aggregate and operator by its name.

load support/common

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return 1
  make_flows trace.ft <<'END'
1000,1100,10.0.0.1,5,10.0.0.8,80,6,0x1b,5,2
1010,1110,10.0.0.1,7,10.0.0.8,80,6,0x12,4,4
1020,1120,10.0.0.1,5,10.0.0.8,443,6,0x13,6,9
2000,2100,10.0.0.2,7,10.0.0.9,53,17,0,1,100
END
}

# aggregate RULE FIELD: the column that this aggregate gives the group of 10.0.0.1.
aggregate() {
  cat >query.json <<END || return 1
{ "branchset": [ {
    "filter": {"dnf-expr": [{"clause": [
      {"term": {"offset": {"name": "proto", "value": 6}, "delta": 0, "op": "RULE_EQ"}}]}]},
    "grouper": {
      "dnf-expr": [{"clause": [
        {"term": {"offset": {"f1_name": "srcip", "f2_name": "srcip"}, "delta": 0,
                  "op": {"name": "RULE_EQ", "type": "RULE_ABS"}}}]}],
      "aggregation": {"clause": [
        {"term": {"offset": {"name": "$2", "datatype": "RULE_S1_64"}, "op": "$1"}}]}} } ] }
END
  nfql-run query.json "$BATS_FILE_TMPDIR/trace.ft" -O csv --columns "$2" | tail -n +2
}

# gives VALUE RULE FIELD
gives() {
  expect_output "$1" aggregate "$2" "$3"
}

@test "each aggregate of 2013 gives its value under the field's own name" {
  gives 2 RULE_STATIC bytes
  gives 3 RULE_COUNT bytes
  gives '{5;7}' RULE_UNION srcport
  gives 2 RULE_MIN bytes
  gives 9 RULE_MAX bytes
  gives 4 RULE_MEDIAN bytes
  gives 5 RULE_MEAN bytes
  gives 2.943920288775949 RULE_STDDEV bytes
  gives 15 RULE_SUM bytes
  gives 72 RULE_PROD bytes
  gives 26 RULE_XOR flags
  gives 18 RULE_AND flags
  gives 27 RULE_OR flags
}

# merge RULE FIELD1 FIELD2: the keys of the tuples of two branches, sources by their ports and
# destinations.
merge() {
  cat >query.json <<END || return 1
{ "branchset": [
    {"grouper": {"dnf-expr": [{"clause": [
       {"term": {"offset": {"f1_name": "srcport", "f2_name": "srcport"},
                 "op": {"name": "RULE_EQ", "type": "RULE_NO"}}},
       {"term": {"offset": {"f1_name": "dstport", "f2_name": "dstport"},
                 "op": {"name": "RULE_EQ", "type": "RULE_NO"}}}]}]}},
    {"grouper": {"dnf-expr": [{"clause": [
       {"term": {"offset": {"f1_name": "srcip", "f2_name": "srcip"},
                 "op": {"name": "RULE_EQ", "type": "RULE_NO"}}}]}],
     "aggregation": {"clause": [
       {"term": {"offset": {"name": "srcport"}, "op": "RULE_UNION"}},
       {"term": {"offset": {"name": "dstport"}, "op": "RULE_MAX"}}]}}}],
  "merger": {"dnf-expr": [{"clause": [
    {"term": {"offset": {"f1_name": "$2", "f2_name": "$3"}, "delta": 0,
              "op": {"name": "$1", "type": "RULE_ABS"}, "branch1_id": 0, "branch2_id": 1}}]}]} }
END
  nfql-run query.json "$BATS_FILE_TMPDIR/trace.ft" -O csv --columns 0.srcport,0.dstport,1.srcip |
    tail -n +2
}

@test "RULE_IN holds where f1 of branch1 is in the set f2 of branch2" {
  expect_output "5,80,10.0.0.1
7,80,10.0.0.1
7,80,10.0.0.2
5,443,10.0.0.1
7,53,10.0.0.1
7,53,10.0.0.2" merge RULE_IN srcport srcport
}

@test "the comparisons of 2013 relate f1 of branch1 to f2 of branch2" {
  expect_output "5,443,10.0.0.1
7,53,10.0.0.2" merge RULE_EQ dstport dstport
  expect_output "5,80,10.0.0.2
7,80,10.0.0.2
5,443,10.0.0.2" merge RULE_GT dstport dstport
  expect_output "5,80,10.0.0.2
7,80,10.0.0.2
5,443,10.0.0.1
5,443,10.0.0.2
7,53,10.0.0.2" merge RULE_GE dstport dstport
}
