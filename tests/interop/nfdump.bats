#!/usr/bin/env bats
# With the real nfdump: its files are read by us, ours by it, field by field.
# shellcheck disable=SC2154  # run sets status, output and stderr

load ../cli/support/common

setup() {
  command -v nfdump >/dev/null || skip "nfdump is not here"
  cd "$BATS_TEST_TMPDIR" || return 1
}

# make FILE [OPTION...]: a file of made-up flows, see tests/data/make_nfdump.py.
make() {
  local file=$1
  shift
  "$NFQL_SOURCE_DIR/tests/data/make_nfdump.py" "$@" >"$file"
}

# sums FILE: what nfdump -I says of it, but for when and by whom.
sums() {
  nfdump -r "$1" -I | grep -v '^Ident'
}

# shown FILE FORMAT: its flows as nfdump shows them. 1.7.1 ends a JSON list too early.
shown() {
  nfdump -r "$1" -q -o "$2" | grep -v '^Summary$' | head -n "${3:-1000000}"
}

# as_csv FILE: the fields of nfdump's csv that we have, of its files and in its form.
as_csv() {
  nfdump -r "$1" -q -N -o csv | cut -d, -f 4-7,10-24,26-31
}

COLUMNS_OF_CSV=srcip,dstip,srcport,dstport,fwdstatus,tos,packets,bytes,outpackets,outbytes
COLUMNS_OF_CSV+=,inif,outif,srcas,dstas,srcmask,dstmask,dsttos,direction,nexthop
COLUMNS_OF_CSV+=,srcvlan,dstvlan,srcmac,outdstmac,dstmac,outsrcmac

@test "every field that nfdump prints as csv reads as nfdump reads it" {
  make all.nfdump --all --flows 2000
  as_csv all.nfdump >theirs
  [ "$(wc -l <theirs)" -eq 2000 ]
  nfql-filter all.nfdump -O csv --columns "$COLUMNS_OF_CSV" | tail -n +2 | diff theirs -
}

@test "times, protocol and the exporter's numbers read as nfdump reads them" {
  make all.nfdump --all --flows 500
  nfdump -r all.nfdump -o json |
    jq -r '.[] | [.first, .last, .received, .proto, .export_sysid, .next_as, .mpls_1] | @csv' |
    tr -d '"' | sed 's/-[0-9]*-[0-9]*$//' >theirs
  nfql-filter all.nfdump -O csv --columns start,end,received,proto,exid,nextas,mpls1 |
    tail -n +2 | tr -d Z | awk -F, -v OFS=, '{ $7 = int($7 / 16); print }' | diff theirs -
}

@test "events and NAT read as nfdump reads them" {
  make some.nfdump --flows 800
  nfdump -r some.nfdump -o json |
    jq -r '.[] | [.connect_id, .event_id, .xevent_id, .t_event,
                  (.src4_xlt_ip // .src6_xlt_ip), (.dst4_xlt_ip // .dst6_xlt_ip), .src_xlt_port,
                  .nat_event_id, .pblock_start, .pblock_end, .pblock_step, .pblock_size,
                  .ingress_vrf, .egress_vrf, .observationPointID | tostring] | @csv' |
    sed -e 's/"//g' -e 's/null//g' -e 's/,0,0,\([0-9]*\)$/,,,\1/' >theirs
  columns=connid,fwevent,fwxevent,eventtime,natsrcip,natdstip,natsrcport,natevent
  columns+=,portstart,portend,portstep,portcount,invrf,outvrf,pointid
  nfql-filter some.nfdump -O csv --columns "$columns" | tail -n +2 | tr -d Z >ours
  # Flows of a NAT without VRFs are in VRF 0 to nfdump. jq rounds 64 bits, so the last column is
  # compared without its last digits.
  diff <(sed 's/[0-9]\{6\}$//' theirs) <(sed 's/[0-9]\{6\}$//' ours)
}

@test "each compression of nfdump reads the same" {
  make plain.nfdump --flows 3000
  nfql-filter plain.nfdump -O csv --columns "$COLUMNS_OF_CSV" >expected
  for option in '' -z -y -j; do
    # shellcheck disable=SC2086  # no option is no word
    nfdump -r plain.nfdump $option -w packed.nfdump
    nfql-filter packed.nfdump -O csv --columns "$COLUMNS_OF_CSV" | cmp - expected
  done
}

@test "a copy shows the same flows and sums in nfdump, csv and json" {
  make made.nfdump --flows 3000 --no-exporters
  nfdump -r made.nfdump -w theirs.nfdump
  for compress in lz4 none lz4:9; do
    nfql-filter made.nfdump -z "$compress" -o ours.nfdump
    diff <(sums theirs.nfdump) <(sums ours.nfdump)
    diff <(nfdump -r theirs.nfdump -q -o csv) <(nfdump -r ours.nfdump -q -o csv)
    diff <(nfdump -r theirs.nfdump -o json) <(nfdump -r ours.nfdump -o json)
  done
  run --separate-stderr nfdump -r ours.nfdump -q -o csv
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
}

@test "in a copy each flow has the address of its exporter, whoever said it" {
  make made.nfdump --flows 10 --all --seed 3
  nfql-filter made.nfdump -O csv --columns exid,exporter >expected
  nfql-filter made.nfdump -o ours.nfdump
  nfql-filter ours.nfdump -O csv --columns exid,exporter | cmp - expected
}

@test "a copy of a copy is the same bytes" {
  make made.nfdump --flows 3000
  nfql-filter made.nfdump -o one.nfdump
  nfql-filter one.nfdump | nfql-filter -o two.nfdump
  cmp one.nfdump two.nfdump
}

@test "what nfdump -w writes to a pipe goes into our tools" {
  make made.nfdump --flows 1000
  nfdump -r made.nfdump -w tcp.nfdump 'proto tcp'
  nfdump -r made.nfdump -w /dev/stdout 'proto tcp' 2>/dev/null |
    nfql-group proto -a 'sum(packets) as total' -O csv --columns proto,count,total >piped
  nfql-group proto -a 'sum(packets) as total' tcp.nfdump -O csv --columns proto,count,total |
    cmp - piped
  [ "$(tail -n +2 piped | cut -d, -f1)" = 6 ]
}

@test "filter, then statistics by nfdump" {
  make made.nfdump --flows 1000
  nfql-filter 'proto = udp' made.nfdump -o udp.nfdump
  nfdump -r made.nfdump -w theirs.nfdump 'proto udp'
  diff <(nfdump -r theirs.nfdump -q -s srcip/bytes -n 5 -o csv) \
    <(nfdump -r udp.nfdump -q -s srcip/bytes -n 5 -o csv)
}

@test "groups are flows to nfdump, each counted as many times as it has members" {
  make made.nfdump --flows 1000
  nfql-group 'proto' -a 'sum(packets), sum(bytes)' made.nfdump -o groups.nfdump
  nfql-group 'proto' -a 'sum(packets), sum(bytes)' made.nfdump -O csv \
    --columns sum_packets,sum_bytes,count | tail -n +2 >ours
  nfdump -r groups.nfdump -q -N -o 'fmt:%pkt,%byt,%fl' | tr -d ' ' | cmp - ours
}

@test "the lab's files: the same flows whatever the compression, refused what is layout 3" {
  lab=$NFQL_SOURCE_DIR/tests/data/lab
  nfql-filter "$lab/nf9.nfcapd" -O csv >expected
  [ "$(wc -l <expected)" -eq 291 ]
  for copy in lz4 lzo bz2; do
    nfql-filter "$lab/nf9-$copy.nfcapd" -O csv | cmp - expected
  done
  expect_error 1 "is an nfdump file, layout 3 (nfdump 1.8)" nfql-filter "$lab/nf9-layout3.nfcapd"
  for file in nf9 ipfix-biflow; do
    nfql-filter -q "$lab/$file.nfcapd" -o "$file.nfdump"
    # But for the times: first and last of 82 biflows are the wrong way round, which we mend.
    diff <(nfdump -r "$lab/$file.nfcapd" -q -o csv | cut -d, -f4-) \
      <(nfdump -r "$file.nfdump" -q -o csv | cut -d, -f4-)
    diff <(sums "$file.nfdump") <(nfdump -r "$file.nfdump" -w again && sums again)
  done
}

@test "a file that nfcapd is still writing reads so far" {
  make made.nfdump --flows 1000
  nfdump -r made.nfdump -y -w whole.nfdump
  # No counts, no appendix: as nfcapd.current has it.
  { head -c 18 whole.nfdump; printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    tail -c +41 whole.nfdump | head -c -200; } >nfcapd.current
  run --separate-stderr nfql-filter nfcapd.current -O csv --salvage
  [ "$status" -eq 1 ]
  head -c "$(od -An -tu8 -j24 -N8 whole.nfdump | tr -d ' ')" whole.nfdump | tail -c +41 >blocks
  { head -c 18 whole.nfdump; printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    cat blocks; } >nfcapd.current
  [ "$(nfql-filter nfcapd.current -O csv | wc -l)" -eq 1001 ]
}

@test "a file cut short is an error, and --salvage keeps what is whole" {
  make made.nfdump --flows 1000
  head -c 150000 made.nfdump >cut.nfdump
  expect_error 1 "cut.nfdump: block" nfql-filter cut.nfdump -o out.csv
  [ ! -e out.csv ]
  run -1 --separate-stderr nfql-filter cut.nfdump --salvage -o out.csv
  [ "$(wc -l <out.csv)" -gt 500 ]
}

@test "a field that no flow has is an error at the end" {
  make made.nfdump --all --flows 10
  expect_error 1 "no flow of the input has a value for the field 'natevent'" \
    nfql-filter 'natevent = 1' made.nfdump -o out.csv
  [ ! -e out.csv ]
  nfql-filter 'srcas = 1 or bytes > 0' made.nfdump -o out.csv
}

@test "nfdump output needs a file, and takes it by name" {
  make made.nfdump --flows 10
  expect_error 2 "nfdump reads regular files only" nfql-filter made.nfdump -O nfdump
  nfql-filter made.nfdump -o nfcapd.202611221040
  [ "$(nfdump -r nfcapd.202611221040 -q -N -o 'fmt:%pkt' | wc -l)" -eq 10 ]
}
