#!/usr/bin/env bats
# With the real SiLK, where it is installed: what its tools write is read by us, field by field.
# shellcheck disable=SC2154  # run sets status, output and stderr

load ../cli/support/common

setup() {
  command -v rwtuc >/dev/null || skip "SiLK is not here"
  cd "$BATS_TEST_TMPDIR" || return 1
  cat >made.txt <<'END'
sIP|dIP|sPort|dPort|protocol|packets|bytes|sTime|duration|sensor|in|out|nhIP|initialFlags|sessionFlags|attributes|application
10.0.0.1|10.0.0.2|1234|80|6|5|500|2009/02/12T00:00:00.123|1.500|0|3|4|10.0.0.254|S|SAPF|TF|80
10.0.0.2|10.0.0.1|80|1234|6|4|4000|2009/02/12T00:00:00.125|1.250|1|4|3|0.0.0.0|SA|APF|S|80
10.0.0.3|10.0.0.4|0|2048|1|2|120|2009/02/12T00:00:01.000|0.250|7|65535|0|0.0.0.0||||0
192.168.7.7|10.0.0.4|5353|53|17|1|70|2009/02/12T00:00:09.999|0.000|65534|0|0|0.0.0.0||||53
END
  rwtuc made.txt --output-path=made.rw
}

has_ipv6() {
  rwcat --version | grep -q 'IPv6 flow record support: *yes'
}

# many FILE: flows enough for several blocks, the rows of made.txt again and again.
many() {
  { head -n 1 made.txt; for _ in $(seq 2000); do tail -n +2 made.txt; done; } |
    rwtuc --output-path="$1"
}

# theirs FILE and ours FILE: all fields that both print, in one form.
theirs() {
  rwcut --no-titles --delimited=, --no-columns --timestamp-format=epoch \
    --integer-tcp-flags --integer-sensors --ip-format=canonical \
    --fields=sIP,dIP,sPort,dPort,protocol,packets,bytes,flags,sTime,eTime,sensor,in,out,nhIP,initialFlags,sessionFlags,application "$1"
}
ours() {
  nfql-filter "$1" -O csv --time ms --columns \
    srcip,dstip,srcport,dstport,proto,packets,bytes,flags,start,end,sensor,inif,outif,nexthop,initialflags,sessionflags,application |
    tail -n +2 | awk -F, -v OFS=, '{ $9 = sprintf("%.3f", $9 / 1000)
                                     $10 = sprintf("%.3f", $10 / 1000); print }'
}

# same FILE: rwcut shows 0 where flags of the first packet and the rest are not told apart.
same() {
  diff <(theirs "$1" | awk -F, -v OFS=, '{ if ($5 != 6) $15 = $16 = ""; print }') <(ours "$1")
}

@test "every field that rwcut prints reads as rwcut reads it" {
  same made.rw
  [ "$(ours made.rw | wc -l)" -eq 4 ]
}

@test "each compression of SiLK reads the same" {
  many many.rw
  ours many.rw >expected
  [ "$(wc -l <expected)" -eq 8000 ]
  for method in zlib lzo1x snappy; do
    rwcat --compression-method=$method many.rw --output-path=packed.rw || continue
    rwfileinfo --fields=compression packed.rw | grep -q "$method"
    ours packed.rw | cmp - expected
    rm packed.rw
  done
}

@test "a stream of the other byte order reads the same" {
  command -v rwswapbytes >/dev/null || skip "rwswapbytes is not here"
  ours made.rw >expected
  rwswapbytes --big-endian made.rw swapped.rw
  rwfileinfo --fields=byte-order swapped.rw | grep -qi bigEndian
  ours swapped.rw | cmp - expected
}

@test "IPv6 flows read as rwcut reads them" {
  has_ipv6 || skip "this SiLK knows no IPv6"
  cat >six.txt <<'END'
sIP|dIP|sPort|dPort|protocol|packets|bytes|sTime|duration|sensor|in|out|nhIP|initialFlags|sessionFlags|application
2001:db8::1|2001:db8::2|1234|80|6|5|500|2009/02/12T00:00:00.123|1.500|0|3|4|2001:db8::fe|S|SAPF|80
10.0.0.3|10.0.0.4|0|2048|1|2|120|2009/02/12T00:00:01.000|0.250|7|65535|0|0.0.0.0|||0
2001:db8::1|2001:db8::2|0|33024|58|5|500|2009/02/12T00:00:00.123|1.500|0|3|4|::|||0
END
  rwtuc six.txt --output-path=six.rw
  same six.rw
}

@test "rwfilter | nfql-group gives the sums of rwuniq" {
  many many.rw
  rwfilter --proto=6,17 --pass=stdout many.rw |
    nfql-group srcip -a 'sum(bytes), sum(packets)' -O csv --columns srcip,sum_bytes,sum_packets,count |
    tail -n +2 | sort >ours
  rwfilter --proto=6,17 --pass=stdout many.rw |
    rwuniq --fields=sIP --values=bytes,packets,records --no-titles --delimited=, --no-columns \
      --ip-format=canonical | sort | diff - ours
}

@test "to SiLK through IPFIX, and back" {
  nfql-filter made.rw -O ipfix | rwipfix2silk --silk-output=back.rw
  diff <(theirs made.rw) <(theirs back.rw)
  diff <(ours made.rw) <(ours back.rw)
}

@test "files of every format are read, or rwcat makes them so" {
  command -v rwallformats >/dev/null || skip "rwallformats is not here"
  grep -e sIP -e '|6|' made.txt | rwtuc --output-path=tcp.rw
  mkdir all
  printf 'version 2\nsensor 0 S0\nsensor 1 S1\nclass all\nsensors S0 S1\ntype 0 in\nend class\n' >silk.conf
  rwallformats --site-config-file=silk.conf --basename=all/x tcp.rw 2>/dev/null || true
  expected=$(nfql-filter tcp.rw -O csv --columns srcip,dstport,bytes)
  for file in all/x-FT_{RWGENERIC-v5,RWIPV6ROUTING-v1,RWIPV6ROUTING-v3}-*; do
    [ "$(nfql-filter "$file" -O csv --columns srcip,dstport,bytes)" = "$expected" ] || wrong "$file"
    rm "$file"
  done
  for file in all/*-c0-L.dat; do
    expect_error 1 "is a packed SiLK file" nfql-filter "$file"
    [[ $stderr == *"rwcat FILE | nfql-..."* ]] || wrong "$file"
  done
  file=all/x-FT_RWSPLIT-v5-c0-L.dat
  [ "$(rwcat "$file" | nfql-filter -O csv --columns srcip,dstport,bytes)" = "$expected" ]
}

@test "sets, bags and prefix maps are named as what they are" {
  rwset --sip-file=x.set made.rw
  rwbag --sip-flows=x.bag made.rw
  printf '10.0.0.0/8 inside\n' | rwpmapbuild --input-path=stdin --output-path=x.pmap
  expect_error 1 "x.set: is a SiLK file: an IPset, not flows" nfql-filter x.set
  expect_error 1 "x.bag: is a SiLK file: a bag, not flows" nfql-filter x.bag
  expect_error 1 "x.pmap: is a SiLK file: a prefix map, not flows" nfql-filter x.pmap
}
