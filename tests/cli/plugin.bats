#!/usr/bin/env bats
# Plug-in aggregates: the example, as its own words say to compile it, and plug-ins that are wrong.
# shellcheck disable=SC2154  # run sets stderr

load support/common

# Source 1 sends to four ports alike, source 2 to one only.
flows() {
  make_flows trace.ft <<'EOT'
1000,1001,10.0.0.1,9,10.0.1.1,1,6,0,1,100
1001,1002,10.0.0.1,9,10.0.1.1,2,6,0,1,200
1002,1003,10.0.0.1,9,10.0.1.2,3,6,0,1,300
1003,1004,10.0.0.1,9,10.0.1.2,4,6,0,1,400
1004,1005,10.0.0.2,9,10.0.1.1,7,6,0,1,50
1005,1006,10.0.0.2,9,10.0.1.1,7,6,0,1,60
EOT
}

# plugin NAME: compiles the C source on stdin as NAME.so.
plugin() {
  cc -std=c11 -shared -fPIC -I"$NFQL_SOURCE_DIR/include" -x c -o "$1.so" - -lm || return 1
}

# A plug-in of one function, with the fields in $1 changed.
table() {
  printf '#include <nfql/aggregate.h>
    static int add(void *s, const struct nfql_request *r, const struct nfql_values *v) {
      (void)s; (void)r; (void)v; return %s; }
    static int finish(void *s, const struct nfql_request *r, void *result) {
      (void)s; (void)r; *(double *)result = 1; return 0; }
    static const struct nfql_aggregate one[] = {{.name = "one", .takes = NFQL_TAKES(NFQL_U64),
      .result = NFQL_F64, .state_size = 8, .add = add, .finish = finish%s}};
    const struct nfql_plugin nfql_aggregates = {%s};\n' \
    "${2-0}" "$1" "${3-NFQL_AGGREGATE_ABI, 1, one}"
}

@test "the example plug-in gives entropies and percentiles" {
  flows
  plugin statistics <"$NFQL_SOURCE_DIR/examples/plugins/statistics.c"
  expect_output "srcip,entropy_dstport,hosts,percentile_bytes_50,count
10.0.0.1,2,1,200,4
10.0.0.2,0,0,50,2" \
    nfql-group srcip --plugin statistics.so trace.ft -O csv \
    -a 'entropy(dstport), entropy(dstip) as hosts, percentile(bytes, 50)' \
    --columns srcip,entropy_dstport,hosts,percentile_bytes_50,count
  expect_error 2 "the percentage is from 0 to 100" \
    nfql-group srcip --plugin statistics.so -a 'percentile(bytes, 101)' trace.ft
  [[ $stderr == *$'  percentile(bytes, 101)\n  ^'* ]]
  expect_error 2 "did you mean 'entropy'?" nfql-group --plugin statistics.so -a 'entrpy(srcip)' trace.ft
}

@test "groups of a plug-in are filtered and merged like others" {
  flows
  plugin statistics <"$NFQL_SOURCE_DIR/examples/plugins/statistics.c"
  nfql-group srcip --plugin ./statistics.so -a 'entropy(dstport)' trace.ft >groups.nfql
  expect_output $'srcip\n10.0.0.1' nfql-gfilter 'entropy(dstport) > 1.5' groups.nfql -O csv --columns srcip
  expect_output $'A.srcip\n10.0.0.2' \
    nfql-merge 'A.entropy_dstport < B.entropy(dstport)' A=groups.nfql B=groups.nfql -O csv --columns A.srcip
}

@test "a query is run with plug-ins of the command line" {
  flows
  plugin statistics <"$NFQL_SOURCE_DIR/examples/plugins/statistics.c"
  echo '{"branches": {"A": {"group": "srcip", "aggregate": "entropy(dstport) as e", "gfilter": "e > 1"}}}' >query.json
  expect_output $'srcip,e\n10.0.0.1,2' \
    nfql-run --plugin statistics.so query.json trace.ft -O csv --columns srcip,e
  nfql-run --plugin statistics.so --explain query.json trace.ft -O csv --columns srcip,e >pipeline
  [[ $(cat pipeline) == *"--plugin statistics.so"* ]]
  [ "$(bash pipeline)" = $'srcip,e\n10.0.0.1,2' ]
  expect_error 2 "unknown aggregate function 'entropy'" nfql-run --check query.json trace.ft
  [[ $stderr == *"--plugin FILE"* ]]
  echo '{"branches": {"A": {"group": "srcip", "plugin": "statistics.so"}}}' >query.json
  expect_error 2 "unknown key 'plugin'" nfql-run query.json trace.ft
}

@test "a file that is not there, or no shared object, is an error of the system" {
  flows
  expect_error 1 "none.so: cannot open: No such file" nfql-group --plugin none.so trace.ft
  echo text >text.so
  expect_error 1 "text.so: cannot be loaded: " nfql-group --plugin text.so trace.ft
  [[ $stderr == *"cc -shared -fPIC"* ]]
  plugin needy <<<'int elsewhere(void); int here(void) { return elsewhere(); }'
  expect_error 1 "elsewhere" nfql-group --plugin needy.so trace.ft
}

@test "a shared object that is no plug-in, or of another version, is refused" {
  flows
  plugin other <<<'int x;'
  expect_error 2 "other.so: is no plug-in: it does not define 'nfql_aggregates'" \
    nfql-group --plugin other.so trace.ft
  table "" 0 "7, 1, one" | plugin later
  expect_error 2 "later.so: is for version 7 of the plug-in interface, and this is version 1" \
    nfql-group --plugin later.so trace.ft
}

@test "a plug-in with a faulty table is refused, each fault with its words" {
  flows
  table "" 0 "NFQL_AGGREGATE_ABI, 0, one" | plugin empty
  expect_error 2 "empty.so: has no functions" nfql-group --plugin empty.so trace.ft
  table ', .name = "sum"' | plugin builtin
  expect_error 2 "'sum' is a function of nfql itself" nfql-group --plugin builtin.so trace.ft
  table ', .state_size = 0' | plugin stateless
  expect_error 2 "'one' has a state of no bytes" nfql-group --plugin stateless.so trace.ft
  table ', .add = 0' | plugin idle
  expect_error 2 "'one' has no 'add' or no 'finish'" nfql-group --plugin idle.so trace.ft
  table ', .name = 0' | plugin nameless
  expect_error 2 "function 1 of its table has no name" nfql-group --plugin nameless.so trace.ft
  table "" | plugin one
  cp one.so two.so
  expect_error 2 "two.so: 'one' is a function of one.so already" \
    nfql-group --plugin one.so --plugin two.so trace.ft
}

@test "a plug-in that fails fails the run, and a field it does not take is a usage error" {
  flows
  table "" NFQL_NO_MEMORY | plugin poor
  expect_error 1 "aggregate 'one': the plug-in is out of memory" \
    nfql-group --plugin poor.so -a 'one(bytes)' trace.ft -O csv
  table "" | plugin one
  expect_error 2 "'one' does not take the type of 'srcip'" nfql-group --plugin one.so -a 'one(srcip)' trace.ft
  expect_error 2 "'one' takes a field and nothing else" nfql-group --plugin one.so -a 'one(bytes, 2)' trace.ft
}
