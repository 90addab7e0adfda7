#!/usr/bin/env bats
# SiLK streams as input, in files and pipes; made by tests/data/make_silk.py.
# shellcheck disable=SC2154  # run sets status, output and stderr

load support/common

# make_silk FILE [OPTION...]: a SiLK file of the rows on stdin, see tests/data/make_silk.py.
make_silk() {
  local file=$1
  shift
  "$NFQL_SOURCE_DIR/tests/data/make_silk.py" "$@" >"$file"
}

flows() {
  local file=$1
  shift
  make_silk "$file" "$@" <<'END'
1000000000000,1000000000500,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500,initial=2,session=0x19,application=80
1000000001000,1000000001100,10.0.0.2,80,10.0.0.1,1234,6,0x12,4,4000,sensor=65535,type=255
1000000002000,1000000002000,192.168.1.9,0,10.0.0.3,2048,1,0,1,84,input=3,output=4,nexthop=10.0.0.254
END
}

EXPECTED="start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes
2001-09-09T01:46:40.000Z,2001-09-09T01:46:40.500Z,10.0.0.1,1234,10.0.0.2,80,6,27,5,500
2001-09-09T01:46:41.000Z,2001-09-09T01:46:41.100Z,10.0.0.2,80,10.0.0.1,1234,6,18,4,4000
2001-09-09T01:46:42.000Z,2001-09-09T01:46:42.000Z,192.168.1.9,0,10.0.0.3,2048,1,0,1,84"

@test "every layout, compression and byte order reads the same, file or pipe" {
  for layout in generic routing1 routing3; do
    for compress in none zlib lzo snappy; do
      for order in '' --big-endian; do
        # shellcheck disable=SC2086  # no option is no word
        flows x.rw --layout "$layout" --compress "$compress" $order
        expect_output "$EXPECTED" nfql-filter x.rw -O csv
        expect_output "$EXPECTED" bash -c 'cat x.rw | nfql-filter -O csv'
      done
    done
  done
}

@test "fields that SiLK alone has go by their names there and in IPFIX" {
  flows x.rw
  expect_output "initialflags,sessionflags,sensor,flowtype,application,tcpstate,inif,outif,nexthop
2,25,0,0,80,1,0,0,0.0.0.0
,,,,0,0,0,0,0.0.0.0
,,0,0,0,0,3,4,10.0.0.254" nfql-filter x.rw -O csv --columns \
    initialflags,sessionflags,sensor,flowtype,application,tcpstate,inif,outif,nexthop
  expect_output "bytes
500" nfql-filter 'initialTCPFlags = S/SA and silkAppLabel = http' x.rw -O csv --columns bytes
}

@test "IPv6 and IPv4 flows of one stream are grouped together" {
  make_silk six.rw --layout routing1 --compress snappy <<'END'
1000,2000,2001:db8::1,1,2001:db8::2,2,17,0,1,100
1000,2000,10.0.0.1,1,10.0.0.2,2,17,0,2,200
3000,4000,2001:db8::1,3,2001:db8::2,4,17,0,3,300
END
  expect_output "srcip,sum_bytes
2001:db8::1,400
10.0.0.1,200" nfql-group srcip -a 'sum(bytes)' six.rw -O csv --columns srcip,sum_bytes
}

@test "a stream goes through our tools and on to flow-tools" {
  flows x.rw
  nfql-filter 'proto = tcp' x.rw -O flow-tools | nfql-filter -O csv >copy.csv
  diff copy.csv <(head -n 3 <<<"$EXPECTED")
}

@test "-I silk insists on it" {
  flows x.rw
  expect_output "$EXPECTED" nfql-filter -I silk x.rw -O csv
  echo text >x.txt
  expect_error 1 "x.txt: is text, not a flow file" nfql-filter -I silk x.txt
  expect_error 1 "x.rw: is a SiLK file, not of format nfdump" nfql-filter -I nfdump x.rw
}

@test "nothing is written as SiLK" {
  flows x.rw
  expect_error 2 "nfql, flow-tools, nfdump" nfql-filter x.rw -O silk
}

@test "a stream cut short gives its flows, then an error; --salvage makes do" {
  for compress in none snappy; do
    flows x.rw --compress "$compress"
    head -c -1 x.rw >cut.rw
    expect_error 1 "cut.rw: " nfql-filter cut.rw -o out.csv
    [ ! -e out.csv ]
  done
  flows x.rw
  head -c -1 x.rw >cut.rw
  run -1 --separate-stderr nfql-filter cut.rw --salvage -O csv
  [ "${#lines[@]}" -eq 3 ]
  [[ $stderr == *"in the middle of record 2 at byte"* ]]
}

@test "a packed file is answered with rwcat, a set with what it is" {
  printf '\xde\xad\xbe\xef\0\x12\x10\0\0\x2e\x10\xf9\0\x14\0\x05' >packed
  expect_error 1 "packed: is a packed SiLK file (FT_RWSPLIT version 5)" nfql-filter packed
  [[ $stderr == *"pipe it through rwcat: rwcat FILE | nfql-..."* ]]
  printf '\xde\xad\xbe\xef\0\x1d\x10\0\0\x2e\x10\xf9\0\x01\0\x04' >ips
  expect_error 1 "ips: is a SiLK file: an IPset, not flows" nfql-filter ips
}
