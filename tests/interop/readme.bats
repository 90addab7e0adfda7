#!/usr/bin/env bats
# The pipelines of "With the tools you have" in README.md, as they stand there.
# shellcheck disable=SC2154  # run sets status, output and stderr

load ../cli/support/common

# The files that the README speaks of.
setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  local lab=$NFQL_SOURCE_DIR/examples/lab.ft
  mkdir -p archive netflow/2026/11/22
  ln -s "$NFQL_SOURCE_DIR/examples" examples
  cp "$lab" archive/ft-v05.2026-11-22.104000+0000
  cp "$lab" trace.ft
  six_flows | nfql-filter 'packets > 0' "$lab" - -o nfcapd.202611221040 -O nfdump
  cp nfcapd.202611221040 netflow/2026/11/22/
  if command -v rwipfix2silk >/dev/null; then
    nfql-filter "$lab" -O ipfix | rwipfix2silk --silk-output=flows.rw
  fi
}

# Flows of IPv6, as CSV.
six_flows() {
  printf '%s\n' 'start,end,srcip,srcport,dstip,dstport,proto,packets,bytes' \
    '2026-11-22T10:42:07Z,2026-11-22T10:42:08Z,fd77::1,40000,fd77::2,443,6,10,20000' \
    '2026-11-22T10:42:09Z,2026-11-22T10:42:10Z,fd77::1,40001,fd77::2,22,6,7,900'
}

# pipelines: the lines of the README's block that are no comments.
pipelines() {
  sed -n '/^## With the tools/,/^## /p' "$NFQL_SOURCE_DIR/README.md" |
    sed -n "/^\`\`\`sh/,/^\`\`\`/p" | grep -v "^\`\|^#"
}

# the_line PATTERN: the one pipeline with that pattern; skips the test if a program is not here.
the_line() {
  line=$(pipelines | grep -e "$1")
  [ "$(wc -l <<<"$line")" -eq 1 ] || wrong "one line of the README has '$1'" || return 1
  local program
  for program in $(grep -oE '(^|\| |&& )[a-z0-9-]+[A-Za-z0-9-]*' <<<"$line" | tr -d '|&'); do
    command -v "$program" >/dev/null || skip "$program is not here"
  done
}

# answer PATTERN: runs that line; its output must have something beside a header.
answer() {
  the_line "$1" || return 1
  run --separate-stderr bash -o pipefail -c "$line"
  [ "$status" -eq 0 ] || wrong "exit code $status: $line" || return 1
  [ "${#lines[@]}" -gt 1 ] || wrong "no answer: $line"
}

@test "nfdump selects, we group and select groups" {
  answer "nfdump -r .*-w /dev/stdout"
  [ "$output" = "$(nfql-group srcip -a 'unique(dstport) as ports' <(nfql-filter 'proto = tcp' nfcapd.202611221040) |
    nfql-gfilter 'ports > 3' -O csv)" ]
}

@test "we select, nfdump counts" {
  answer "nfdump -r six.nfdump -s port"
  [[ $output == *"total flows: 2, total bytes: 20900, total packets: 17"* ]]
}

@test "a tree of files in a window of time" {
  answer "netflow/"
  [[ $output == *"TCP"* ]]
}

@test "flow-cat before, flow-report behind" {
  answer "flow-report"
  [[ $output == *"10.77.0."* ]]
}

@test "a query, then flow-stat" {
  answer "flow-stat"
}

@test "rwfilter before" {
  answer "rwfilter"
}

@test "rwuniq behind, by IPFIX" {
  answer "rwipfix2silk"
}

@test "ipfixDump behind" {
  answer "ipfixDump"
}

@test "nfdump's text before, jq behind" {
  answer "jq -r"
}

@test "each pipeline of the README is run here" {
  # shellcheck disable=SC2016
  [ "$(pipelines | wc -l)" -eq "$(grep -c '^  answer "' "$BATS_TEST_FILENAME")" ]
}
