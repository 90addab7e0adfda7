#!/usr/bin/env bats
# The helpers of support/common.bash: one that cannot fail proves nothing.

load support/common

says() {
  printf '%s' "$2"
  printf '%s\n' "$3" >&2
  return "$1"
}

@test "expect_error wants the exit code, the text, and an empty stdout" {
  expect_error 2 "no such" says 2 "" "tool: no such thing"
  ! expect_error 1 "no such" says 2 "" "tool: no such thing" >/dev/null || false
  ! expect_error 2 "other" says 2 "" "tool: no such thing" >/dev/null || false
  ! expect_error 2 "no such" says 2 "data" "tool: no such thing" >/dev/null || false
}

@test "expect_error hands its stdin to the command" {
  expect_error 1 "" grep -q absent <<<present
  expect_output present cat <<<present
}

@test "expect_output wants success, exactly the text, and an empty stderr" {
  expect_output $'a\nb' printf 'a\nb\n'
  ! expect_output a printf 'a\nb\n' >/dev/null || false
  ! expect_output "" says 1 "" "" >/dev/null || false
  ! expect_output "a" says 0 "a" "warning" >/dev/null || false
}

@test "make_flows writes the records that FORMATS.md describes, in both byte orders" {
  row='2012-04-30T07:43:50.057Z,1335771831000,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500'
  make_flows little.ft --streaming <<<"$row"
  # Exported at the end of the flow, one day after the router started.
  expect_output "cf 10 01 03 18 00 00 00 02 00 02 00 05 00 08 00
04 00 08 00 00 00 00 00 b7 42 9e 4f 00 00 00 00
00 5c 26 05 00 00 00 00 01 00 00 0a 02 00 00 0a
00 00 00 00 00 00 00 00 05 00 00 00 f4 01 00 00
51 58 26 05 00 5c 26 05 d2 04 50 00 06 00 1b 00
00 00 00 00 00 00 00 00" bash -c 'od -An -v -tx1 little.ft | sed "s/^ //"'
  make_flows big.ft --streaming --big-endian <<<"$row"
  expect_output "4f 9e 42 b7 00 00 00 00 05 26 5c 00 00 00 00 00 0a 00 00 01" \
    bash -c 'od -An -v -tx1 -w20 -j24 -N20 big.ft | sed "s/^ //"'
}

@test "make_flows refuses a row with too few cells" {
  run make_flows short.ft <<<'1,2,3'
  [ "$status" -ne 0 ]
}
