#!/usr/bin/env bats
# One traffic, as several exporters and collectors saw it (tests/data/lab): one answer, up to what an
# exporter cannot say.
# shellcheck disable=SC2154  # run sets status, output and stderr

load support/common

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  LAB=$NFQL_SOURCE_DIR/tests/data/lab
}

# conversations FILE [OPTION...]: packets and bytes of all flows of IPv4 with the same ends; $which
# of the flows.
conversations() {
  local file=$1
  shift
  nfql-filter "$@" -e "srcip in 0.0.0.0/0 and packets > 0 ${which-}" "$file" -q |
    nfql-group 'srcip, srcport, dstip, dstport, proto' -a 'sum(packets) as p, sum(bytes) as b' \
      --no-members -O csv --columns srcip,srcport,dstip,dstport,proto,p,b | LC_ALL=C sort
}

# One conversation went on when its flow was exported as NetFlow 5, the last packets are missing there.
later() { sed 's/^\(10.77.0.2,80,10.77.0.1,49800,.*\)96,2993262$/\198,3077350/'; }

# The source port of ICMP is 0 to some, and not there for others.
no_port_is_0() { sed 's/,,/,0,/'; }

@test "all copies have the same conversations of IPv4" {
  conversations "$NFQL_SOURCE_DIR/examples/lab.ft" >five
  later <five >expected
  [ "$(wc -l <expected)" -gt 270 ]
  for copy in nf9 nf9-lz4 nf9-lzo nf9-bz2; do
    conversations "$LAB/$copy.nfcapd" | diff expected -
  done
  # One flow of these is two of the others.
  conversations "$LAB/ipfix-biflow.nfcapd" --split-biflow | diff expected -
  # The capture has the datagrams of all three exporters.
  which='and exportversion = 5' conversations "$LAB/export.pcap" | diff five -
  which='and exportversion = 9' conversations "$LAB/export.pcap" | no_port_is_0 | diff expected -
  which='and exportversion = 10' conversations "$LAB/export.pcap" --split-biflow |
    no_port_is_0 | diff expected -
}

# What ports of ICMP are is up to the exporter.
@test "copies that know IPv6 have the same of it" {
  six() {
    nfql-filter "$@" -q -O csv --columns proto,packets,bytes,srcip,dstip,srcport,dstport |
      sed '/^58,/s/,[0-9]*,[0-9]*$//' | LC_ALL=C sort
  }
  some='packets > 0 and not srcip in 0.0.0.0/0'
  six -e "$some" "$LAB/nf9.nfcapd" >expected
  [ "$(wc -l <expected)" -gt 10 ]
  for copy in nf9-lz4 nf9-lzo nf9-bz2; do
    six -e "$some" "$LAB/$copy.nfcapd" | diff expected -
  done
  six -e "$some" "$LAB/ipfix-biflow.nfcapd" --split-biflow | diff expected -
  six -e "$some and exportversion = 9" "$LAB/export.pcap" | diff expected -
  six -e "$some and exportversion = 10" "$LAB/export.pcap" --split-biflow | diff expected -
}

@test "a query over groups has the same answer on each" {
  ask() { nfql-run -q "$NFQL_SOURCE_DIR/examples/http-sessions.json" "$@" -O csv --columns srcip,srcport,dstip,dstport,packets,bytes | LC_ALL=C sort; }
  ask "$NFQL_SOURCE_DIR/examples/lab.ft" | later >expected
  [ "$(wc -l <expected)" -gt 2 ]
  for copy in nf9 nf9-lz4 nf9-lzo nf9-bz2; do
    ask "$LAB/$copy.nfcapd" | grep -v 'fd77::' | diff expected -
  done
}

@test "the copy of nfdump 1.8 is refused with what converts it" {
  expect_error 1 "nfdump" nfql-filter "$LAB/nf9-layout3.nfcapd"
}

@test "SiLK's IPFIX has its flow" {
  run -0 nfql-filter "$LAB/silk.ipfix" -O csv --columns srcip,dstip,proto,packets,bytes
  [ "${#lines[@]}" -eq 2 ]
  [[ ${lines[1]} == *,6,6,393 ]]
}
