# What the Bats files share: `load support/common`, which makes a folder of its own for each test.
# Every helper checks each of its steps itself: errexit is off in whatever is called as `f || ...`.
#
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

# The stage tools and the driver, for tests that make the same claim about each.
# shellcheck disable=SC2034  # used by the files that load this one
NFQL_TOOLS="nfql-filter nfql-group nfql-gfilter nfql-merge nfql-ungroup nfql-run"
NFQL_SOURCE_DIR=${NFQL_SOURCE_DIR:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

# wrong MESSAGE: says what a helper expected, with what the command gave, and fails.
wrong() {
  printf '%s\n' "$1" "--- stdout" "${output-}" "--- stderr" "${stderr-}"
  return 1
}

# expect_error CODE TEXT COMMAND...: the command must exit with CODE, say TEXT (part of what it
# writes to stderr), and write nothing to stdout. Its stdin is that of the call.
expect_error() {
  local code=$1 text=$2
  shift 2
  run --separate-stderr "$@"
  # shellcheck disable=SC2154  # run sets status, output and stderr
  [ "$status" -eq "$code" ] || wrong "exit code $status, expected $code: $*" || return 1
  [[ $stderr == *"$text"* ]] || wrong "stderr does not say '$text': $*" || return 1
  [ -z "$output" ] || wrong "something on stdout: $*" || return 1
}

# expect_output TEXT COMMAND...: the command must succeed, write exactly TEXT (but for blank lines at
# its end) to stdout, and nothing to stderr.
expect_output() {
  local text=$1
  shift
  run --separate-stderr "$@"
  [ "$status" -eq 0 ] || wrong "exit code $status: $*" || return 1
  [ -z "$stderr" ] || wrong "something on stderr: $*" || return 1
  [ "$output" = "$text" ] || {
    diff -u <(printf '%s\n' "$text") <(printf '%s\n' "$output")
    return 1
  }
}

# make_flows FILE [OPTION...]: a flow-tools file of the rows on stdin, one flow a line, as
# start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes
# (times in ms since the epoch or as 2012-04-30T07:43:50.057Z). Options are those of
# tests/data/make_flow_tools.py: --big-endian, --compress, --version N, --streaming ...
make_flows() {
  local file=$1
  shift
  "$NFQL_SOURCE_DIR/tests/data/make_flow_tools.py" "$@" >"$file" || return 1
}

# need_shared: skips the test where the shared traces are not at hand.
need_shared() {
  [ -n "${NFQL_SHARED-}" ] || skip "the shared traces are not here"
}
