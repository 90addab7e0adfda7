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
  for level in 0 1 9; do
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
