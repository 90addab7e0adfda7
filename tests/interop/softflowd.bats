#!/usr/bin/env bats
# What a real exporter sends, as files: softflowd meters packets that we made.
# shellcheck disable=SC2154  # run sets status, output and stderr

load ../cli/support/common

setup() {
  command -v softflowd >/dev/null || skip "softflowd is not here"
  cd "$BATS_TEST_TMPDIR" || return 1
  "$NFQL_SOURCE_DIR/tests/data/make_packets.py" >packets.pcap
}

# exported VERSION FILE [OPTION...]: what softflowd sends of these packets.
exported() {
  local version=$1 file=$2 port sink
  shift 2
  mkfifo port
  "$NFQL_SOURCE_DIR/tests/data/udp_sink.py" "$file" >port 3>&- &
  sink=$!
  # shellcheck disable=SC2094  # a pipe: the sink writes its port, we read it
  read -r port <port
  rm port
  softflowd -d -r packets.pcap -n "127.0.0.1:$port" -v "$version" "$@" >/dev/null 2>&1 3>&- || return 1
  wait "$sink"
  [ -s "$file" ] || wrong "softflowd sent nothing"
}

# conversations FILE [OPTION...]
conversations() {
  nfql-filter -q -e any "$@" -O csv --columns srcip,srcport,dstip,dstport,proto,packets,bytes |
    tail -n +2 | LC_ALL=C sort
}

FOUR='10.0.0.1,40000,10.0.0.2,80,6,20,2800
10.0.0.1,40001,10.0.0.2,53,17,1,128
10.0.0.2,53,10.0.0.1,40001,17,1,128
10.0.0.2,80,10.0.0.1,40000,6,20,2800'
SIX=2001:db8::1,40002,2001:db8::2,443,6,10,1600

@test "NetFlow v5 of softflowd" {
  exported 5 flows.v5
  [ "$(conversations flows.v5)" = "$FOUR" ]
}

@test "NetFlow v9 of softflowd, IPv6 too" {
  exported 9 flows.v9
  [ "$(conversations flows.v9)" = "$FOUR"$'\n'"$SIX" ]
}

@test "IPFIX of softflowd, IPv6 too" {
  exported 10 flows.ipfix
  [ "$(conversations flows.ipfix)" = "$FOUR"$'\n'"$SIX" ]
}

@test "biflows of softflowd are two flows where that is asked for" {
  exported 10 flows.ipfix -b
  [ "$(conversations flows.ipfix | wc -l)" -eq 3 ]
  [ "$(conversations flows.ipfix --split-biflow)" = "$FOUR"$'\n'"$SIX" ]
}
