#!/usr/bin/env bats
# The datagrams of a real exporter, as they were captured and as files: beside what nfcapd and
# flow-tools made of them, and what tshark shows.
# shellcheck disable=SC2154  # run sets status, output and stderr

load ../cli/support/common

CAPTURE=$NFQL_SOURCE_DIR/tests/data/lab/export.pcap

# as_port PORT: the datagrams to a port end to end; 9995 has NetFlow v9, 9996 v5, 9997 IPFIX.
as_port() {
  "$NFQL_SOURCE_DIR/tests/data/pcap_payloads.py" "$CAPTURE" "$1"
}

# ours COLUMNS FILE...: the flows, sorted.
ours() {
  local columns=$1
  shift
  nfql-filter -e any "$@" -O csv --columns "$columns" | tail -n +2 | sort
}

@test "NetFlow v5 has the flows that flow-tools has of it" {
  columns=start,end,srcip,dstip,srcport,dstport,proto,flags,packets,bytes,input,output,tos,srcas
  columns+=,dstas,srcmask,dstmask,nexthop,engine_type,engine_id,flowStartSysUpTime,flowEndSysUpTime
  as_port 9996 >exported.v5
  ours "$columns" exported.v5 >from_messages
  ours "$columns" "$NFQL_SOURCE_DIR/examples/lab.ft" | diff - from_messages
}

@test "NetFlow v9 has the flows that nfcapd has of it" {
  columns=srcip,dstip,proto,srcport,dstport,flags,packets,bytes,start,end
  # nfcapd has 0 where a record has no field, and for the type and code of ICMPv6.
  shown() {
    ours "$columns" "$1" | sed 's/,,/,0,/g' | awk -F, -v OFS=, '$3 == 58 { $5 = 0 } 1' | sort
  }
  as_port 9995 >exported.v9
  shown exported.v9 >from_messages
  [ "$(wc -l <from_messages)" -eq 290 ]
  shown "$NFQL_SOURCE_DIR/tests/data/lab/nf9.nfcapd" | diff - from_messages
}

@test "a capture has the flows of all its datagrams, and their exporter" {
  columns=start,end,srcip,srcport,packets,bytes
  for port in 9995 9996 9997; do
    as_port "$port" >"exported.$port"
  done
  ours "$columns" exported.9995 exported.9996 exported.9997 >from_messages
  ours "$columns" "$CAPTURE" | diff - from_messages
  [ "$(ours exporter "$CAPTURE" | uniq)" = 127.0.0.1 ]
  cat exported.9996 exported.9995 exported.9997 >all.netflow
  ours "$columns" all.netflow | diff - from_messages
}

@test "tshark takes the same flows out of a capture" {
  command -v tshark >/dev/null || skip "tshark is not here"
  # Each field of a datagram is a list of that of its flows.
  tshark -r "$CAPTURE" -d udp.port==9996,cflow -Y 'udp.dstport == 9996' -T fields -E separator='|' \
    -e cflow.srcaddr -e cflow.dstaddr -e cflow.srcport -e cflow.dstport -e cflow.packets \
    -e cflow.octets 2>/dev/null |
    awk -F'|' '{
      count = split($1, a, ","); split($2, b, ","); split($3, c, ","); split($4, d, ",")
      split($5, e, ","); split($6, f, ",")
      for (i = 1; i <= count; ++i) print a[i] "," b[i] "," c[i] "," d[i] "," e[i] "," f[i]
    }' | sort >theirs
  [ "$(wc -l <theirs)" -gt 100 ]
  as_port 9996 >exported.v5
  ours srcip,dstip,srcport,dstport,packets,bytes exported.v5 | diff theirs -
}

@test "other tools may write the capture anew" {
  command -v editcap >/dev/null || skip "editcap is not here"
  ours start,srcip,bytes "$CAPTURE" >expected
  editcap -F nsecpcap "$CAPTURE" nanoseconds.pcap
  ours start,srcip,bytes nanoseconds.pcap | diff expected -
  editcap -F pcapng "$CAPTURE" new.pcapng
  expect_error 1 "is a pcapng file" nfql-filter -e any new.pcapng
  [[ $stderr == *"editcap -F pcap FILE NEW"* ]]
  editcap -F pcap new.pcapng - | ours start,srcip,bytes | diff expected -
}

@test "a pipe is known by its first bytes, or named" {
  as_port 9996 >v5
  as_port 9995 >v9
  for file in v5 v9 "$CAPTURE"; do
    ours start,srcip,bytes "$file" >expected
    # shellcheck disable=SC2002  # a pipe is what is tested
    cat "$file" | ours start,srcip,bytes | diff expected -
  done
  ours start,srcip,bytes -I netflow v9 >/dev/null
  expect_error 1 "v9: is a file of NetFlow v9 packets, not of format pcap" \
    nfql-filter -e any -I pcap v9
}

@test "what is cut short gives what came before it" {
  as_port 9995 >v9
  head -c -7 v9 >short.v9
  run --separate-stderr nfql-filter --salvage -e any short.v9 -O csv
  [ "$status" -eq 1 ]
  [ "$(wc -l <<<"$output")" -gt 250 ]
  [[ $stderr == *"short.v9: message at byte "*" is cut short: "* ]]
}
