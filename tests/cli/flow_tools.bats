#!/usr/bin/env bats
# With the real flow-tools, where they are installed: chains in both directions.
# shellcheck disable=SC2154  # run sets output

load support/common

need_flow_tools() {
  if ! command -v flow-cat >/dev/null || ! command -v flow-print >/dev/null; then
    skip "flow-tools are not here"
  fi
}

flows() {
  make_flows trace.ft "$@" <<'EOF'
1000000000000,1000000000500,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500
1000000001000,1000000001100,10.0.0.2,80,10.0.0.1,1234,6,0x12,4,4000
1000000002000,1000000002000,192.168.1.9,5353,10.0.0.3,53,17,0,1,70
EOF
}

# printed: what flow-print shows of a stream, less its heading.
printed() {
  flow-print -f5 | tail -n +3
}

@test "flow-cat | nfql-filter -O flow-tools | flow-print" {
  need_flow_tools
  flows --compress
  flow-cat trace.ft | nfql-filter 'proto = tcp' -O flow-tools | printed >ours
  [ "$(wc -l <ours)" -eq 2 ]
  flow-cat trace.ft | printed | head -n 2 | cmp - ours
}

@test "files that we write are read by flow-cat, with the same records" {
  need_flow_tools
  flows --streaming
  for level in 0 1 4 9; do
    nfql-filter trace.ft -O flow-tools -z "$level" -o copy.ft
    flow-cat copy.ft | cmp - <(flow-cat trace.ft)
  done
}

@test "the pipe of flow-cat and ours are the same bytes" {
  need_flow_tools
  flows --compress
  nfql-filter trace.ft -O flow-tools | cmp - <(flow-cat trace.ft)
}

@test "groups and streams go into flow-print too" {
  need_flow_tools
  flows
  [ "$(nfql-group srcip -a 'sum(bytes) as bytes' trace.ft -O flow-tools | printed | wc -l)" -eq 3 ]
  [ "$(nfql-group srcip trace.ft | nfql-ungroup --flat -O flow-tools | printed | wc -l)" -eq 3 ]
}

# Flows that records of version 5 have no room for: these tests need no flow-tools.
mixed() {
  cat >mixed.csv <<'EOF'
srcip,dstip,bytes,start,end
10.0.0.1,10.0.0.2,100,2012-04-30T07:43:50Z,2012-04-30T07:43:50Z
2001:db8::1,2001:db8::2,200,2012-04-30T07:43:51Z,2012-04-30T07:43:51Z
2001:db8::3,2001:db8::4,300,2012-04-30T07:43:52Z,2012-04-30T07:43:52Z
EOF
}

@test "flows of IPv6 are refused with their number, and no file is made" {
  mixed
  expect_error 1 "copy.ft: 2 of 3 flows cannot be written to flow-tools v5, first flow 1: IPv6 address 2001:db8::1" \
    nfql-filter mixed.csv -O flow-tools -o copy.ft
  [[ $stderr == *"--skip-unrepresentable leaves them out"* ]]
  [ ! -e copy.ft ]
}

@test "--skip-unrepresentable leaves them out and says how many there were" {
  mixed
  run -0 --separate-stderr nfql-filter mixed.csv -O flow-tools -o copy.ft --skip-unrepresentable
  [ "$stderr" = "nfql-filter: warning: copy.ft: 2 of 3 flows cannot be written to flow-tools v5, first flow 1: IPv6 address 2001:db8::1; left out" ]
  expect_output $'srcip,bytes\n10.0.0.1,100' nfql-filter copy.ft -O csv --columns srcip,bytes
  run -0 --separate-stderr nfql-filter -q mixed.csv -O flow-tools -o copy.ft --skip-unrepresentable
  [ -z "$stderr" ]
}

@test "--skip-unrepresentable is for groups, streams, and the outputs of nfql-run too" {
  mixed
  run -0 --separate-stderr nfql-group srcip mixed.csv -O flow-tools -o groups.ft --skip-unrepresentable
  [[ $stderr == *"groups.ft: 2 of 3 groups cannot be written"* ]]
  nfql-group srcip mixed.csv -o groups.nfql
  run -0 --separate-stderr nfql-ungroup groups.nfql -O flow-tools --streams all --skip-unrepresentable
  [ "$(grep -c '1 of 1 flows cannot be written' <<<"$stderr")" -eq 2 ] || wrong "not one warning a stream"
  echo '{"branches": {"A": {}}}' >q.json
  run -0 --separate-stderr nfql-run q.json mixed.csv -O flow-tools -o run.ft --skip-unrepresentable
  [[ $stderr == *"run.ft: 2 of 3 flows cannot be written"* ]]
  expect_output $'srcip\n10.0.0.1' nfql-filter run.ft -O csv --columns srcip
}
