#!/usr/bin/env bats
# Flows of IPv6 are flows like others: in expressions, groups, merges, and all formats that hold them.
# shellcheck disable=SC2154  # run sets output and stderr

load support/common

# flows: two conversations of IPv4 and IPv6 that are alike, ICMPv6, and addresses that are hard to print.
flows() {
  cat >flows.csv <<'EOF'
start,end,srcip,srcport,dstip,dstport,proto,packets,bytes,nexthop
2012-04-30T07:43:50Z,2012-04-30T07:43:51Z,2001:DB8:0:0:0:0:0:1,40000,2001:db8:0:1:0:0:0:2,443,6,10,1000,fe80:0:0:0:0:0:0:1
2012-04-30T07:43:51Z,2012-04-30T07:43:52Z,2001:db8:0:1::2,443,2001:0db8::0001,40000,6,20,20000,
2012-04-30T07:43:52Z,2012-04-30T07:43:53Z,10.0.0.1,40000,10.0.0.2,443,6,1,100,10.0.0.254
2012-04-30T07:43:53Z,2012-04-30T07:43:54Z,10.0.0.2,443,::ffff:10.0.0.1,40000,6,2,200,
2012-04-30T07:43:54Z,2012-04-30T07:43:55Z,fe80::1,0,ff02::1,34304,58,3,300,
2012-04-30T07:43:55Z,2012-04-30T07:43:56Z,1:0:0:2:0:0:0:3,1,1:0:3:4:5:6:7:8,2,17,4,400,
2012-04-30T07:43:56Z,2012-04-30T07:43:57Z,::,1,0:0:1:0:0:0:0:0,2,17,5,500,
EOF
}

# sources EXPR: the source addresses of the flows that pass, in one line.
sources() {
  nfql-filter "$1" flows.csv -O csv --columns srcip | tail -n +2 | paste -sd' '
}

@test "addresses are printed as RFC 5952 says" {
  flows
  expect_output "srcip,dstip
2001:db8::1,2001:db8:0:1::2
2001:db8:0:1::2,2001:db8::1
10.0.0.1,10.0.0.2
10.0.0.2,10.0.0.1
fe80::1,ff02::1
1:0:0:2::3,1:0:3:4:5:6:7:8
::,0:0:1::" nfql-filter flows.csv -O csv --columns srcip,dstip
  nfql-filter 'dstport = 34304' flows.csv -O table --columns srcip,proto | grep -qx 'fe80::1  ICMP6'
}

@test "expressions have addresses, prefixes, ranges and sets of both families" {
  flows
  [ "$(sources 'srcip = 2001:db8:0::0:1')" = "2001:db8::1" ]
  [ "$(sources 'srcip in 2001:db8::/48')" = "2001:db8::1 2001:db8:0:1::2" ]
  [ "$(sources 'srcip in 2001:db8::/64')" = "2001:db8::1" ]
  [ "$(sources 'srcip in 2001:db8::1/128')" = "2001:db8::1" ]
  [ "$(sources 'srcip in {fe80::/10, 10.0.0.0/31, 2001:db8::1..2001:db8::ff}')" = "2001:db8::1 10.0.0.1 fe80::1" ]
  [ "$(sources 'srcip > 2001:db8::1')" = "2001:db8:0:1::2 fe80::1" ]
  [ "$(sources 'srcip in 0.0.0.0/0')" = "10.0.0.1 10.0.0.2" ]
  [ "$(sources 'not srcip in 0.0.0.0/0 and srcip != ::')" = "2001:db8::1 2001:db8:0:1::2 fe80::1 1:0:0:2::3" ]
  [ "$(sources 'srcip in ::/0' | wc -w)" -eq 7 ]
  [ "$(sources 'srcip = ::ffff:10.0.0.1')" = "10.0.0.1" ]
  # A length is of the address's own family.
  [ "$(sources 'prefix(srcip, 48) = prefix(dstip, 48)')" = "2001:db8::1 2001:db8:0:1::2" ]
  [ "$(sources 'prefix(srcip, 24) = prefix(dstip, 24) and proto = tcp')" = "2001:db8::1 2001:db8:0:1::2 10.0.0.1 10.0.0.2" ]
  [ "$(sources 'nexthop = fe80::1')" = "2001:db8::1" ]
  [ "$(sources 'sourceIPv6Address = fe80::1 and proto = icmp6')" = "fe80::1" ]
  printf '2001:db8::/32\nfe80::1  # a router\n10.0.0.2\n' >list
  [ "$(sources 'srcip in @list')" = "2001:db8::1 2001:db8:0:1::2 10.0.0.2 fe80::1" ]
}

@test "what is no address, no prefix, and no name of a protocol is told" {
  flows
  expect_error 2 "'2001:db8::1::2' is no address" nfql-filter 'srcip = 2001:db8::1::2' flows.csv
  expect_error 2 "'2001:db8::/129' is no prefix" nfql-filter 'srcip in 2001:db8::/129' flows.csv
  expect_error 2 "'10.0.0.0/33' is no prefix" nfql-filter 'srcip in 10.0.0.0/33' flows.csv
  expect_error 2 "'ipv6-icmp' is a difference" nfql-filter 'proto = ipv6-icmp' flows.csv
  [ "$(sources 'proto = "ipv6-icmp"')" = "fe80::1" ]
}

@test "one grouping has groups of both families, and of prefixes in both" {
  flows
  expect_output "net,count,sum_bytes
2001:db8::,2,21000
10.0.0.1,1,100
10.0.0.2,1,200
fe80::,1,300
1::,1,400
::,1,500" nfql-group 'prefix(srcip, 32) as net' -a 'sum(bytes)' flows.csv -O csv --columns net,count,sum_bytes
  nfql-group proto -a 'min(srcip), max(srcip), union(dstip), unique(srcip)' flows.csv -O json >groups
  [ "$(jq -c 'select(.proto == 6) | [.min_srcip, .max_srcip, .union_dstip, .unique_srcip]' groups)" = \
    '["10.0.0.1","2001:db8:0:1::2",["10.0.0.1","10.0.0.2","2001:db8::1","2001:db8:0:1::2"],4]' ]
}

@test "one query finds the conversations of both families" {
  flows
  cat >q.nfql <<'EOF'
splitter S {}
filter req { dstport = 443 }
filter res { srcport = 443 }
grouper g { srcip dstip aggregate sum(bytes) as total }
merger M { module m { branches A, B  A.srcip = B.dstip  A.dstip = B.srcip } export m }
ungrouper U {}
S branch A -> req -> g -> M   S branch B -> res -> g -> M   M -> U -> "out.csv"
EOF
  expected="stream,srcip,dstip
0,2001:db8::1,2001:db8:0:1::2
0,2001:db8:0:1::2,2001:db8::1
1,10.0.0.1,10.0.0.2
1,10.0.0.2,10.0.0.1"
  nfql-run q.nfql flows.csv --columns stream,srcip,dstip
  diff out.csv <(echo "$expected")
  # The same where one input has IPv4 only, and the other IPv6 only.
  nfql-filter 'srcip in 0.0.0.0/0' flows.csv -o v4.nfql
  nfql-filter 'not srcip in 0.0.0.0/0' flows.csv -o v6.nfql
  nfql-run q.nfql v6.nfql v4.nfql --columns stream,srcip,dstip
  diff out.csv <(echo "$expected")
  # And where the branches have different families.
  nfql-group srcip v4.nfql -o a.nfql
  nfql-group dstip v6.nfql -o b.nfql
  expect_output $'A.srcip,B.dstip' nfql-merge 'A.srcip = B.dstip' A=a.nfql B=b.nfql -O csv --columns A.srcip,B.dstip
  [ "$(nfql-merge 'A.srcip < B.dstip' A=a.nfql B=b.nfql -O csv --columns B.dstip | tail -n +2 | sort -u | wc -l)" -eq 5 ]
}

@test "each format that can hold them gives back the same flows" {
  flows
  columns=start,end,srcip,srcport,dstip,dstport,proto,packets,bytes,nexthop
  nfql-filter flows.csv -O csv --columns $columns >expected
  nfql-filter flows.csv -o flows.nfql
  nfql-filter flows.csv -o flows.json --columns $columns
  nfql-filter flows.csv -O nfdump -o flows.nfdump
  nfql-filter flows.csv -O ipfix -o flows.ipfix
  for format in nfql json nfdump ipfix; do
    nfql-filter "flows.$format" -O csv --columns $columns | cmp - expected
  done
  expect_output $'net,count\n::,25\n0.0.0.0,10' nfql-group 'prefix(srcip, 0) as net' -O csv --columns net,count \
    flows.nfql flows.csv flows.json flows.nfdump flows.ipfix
}

@test "the real nfdump sees the same addresses" {
  command -v nfdump >/dev/null || skip "nfdump is not here"
  flows
  nfql-filter flows.csv -O nfdump -o flows.nfdump
  nfdump -r flows.nfdump -o csv >nfdump.csv
  nfdump -r flows.nfdump -o json >nfdump.json
  for text in nfdump.csv nfdump.json; do
    nfql-filter -q "$text" -O csv --columns srcip,dstip,bytes |
      cmp - <(nfql-filter flows.csv -O csv --columns srcip,dstip,bytes)
  done
  [ "$(nfdump -q -r flows.nfdump -o 'fmt:%byt' 'ipv6 and src net 2001:db8::/32' | paste -sd' ' | tr -s ' ')" = " 1000 20000" ]
}

@test "a clock is that of an exporter of IPv6 too" {
  cat >flows.csv <<'EOF'
start,end,srcip,exporterIPv6Address
2012-04-30T07:43:50Z,2012-04-30T07:43:51Z,fe80::1,2001:db8::a
2012-04-30T07:43:50Z,2012-04-30T07:43:51Z,fe80::2,2001:db8::b
EOF
  expect_output $'start,srcip\n2012-04-30T07:43:50.000Z,fe80::1\n2012-04-30T07:43:51.000Z,fe80::2' \
    nfql-filter flows.csv --time-offset 2001:db8:0::b=1000 -O csv --columns start,srcip
}
