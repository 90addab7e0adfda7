#!/usr/bin/env bats
# --split-biflow for formats that count both directions in one flow, but know no directions.
# shellcheck disable=SC2154  # run sets status, output and stderr

load support/common

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  cat >two.csv <<'END'
start,end,srcip,srcport,dstip,dstport,proto,packets,bytes,outpackets,outbytes,srcas,dstas,inif,outif,natevent
1000,2000,10.0.0.1,4000,10.0.0.2,80,6,5,500,3,3000,1,2,7,8,1
3000,4000,10.0.0.3,4001,10.0.0.2,80,6,1,60,0,0,3,2,7,8,1
5000,6000,2001:db8::1,4002,2001:db8::2,443,6,2,90,4,80,,2,7,,1
7000,8000,10.0.0.4,4003,10.0.0.2,80,6,1,61,,,3,2,7,8,1
END
}

both() { nfql-filter --split-biflow "$@" --time ms -O csv; }

@test "a flow that counts both directions is two flows" {
  expect_output 'flowId,start,end,srcip,srcport,dstip,dstport,packets,bytes,srcas,dstas,inif,outif,natevent
0,1000,2000,10.0.0.1,4000,10.0.0.2,80,5,500,1,2,7,8,1
1,3000,4000,10.0.0.3,4001,10.0.0.2,80,1,60,3,2,7,8,1
2,5000,6000,2001:db8::1,4002,2001:db8::2,443,2,90,,2,7,,1
3,7000,8000,10.0.0.4,4003,10.0.0.2,80,1,61,3,2,7,8,1
4,1000,2000,10.0.0.2,80,10.0.0.1,4000,3,3000,2,1,8,7,
5,5000,6000,2001:db8::2,443,2001:db8::1,4002,4,80,2,,,7,' \
    both two.csv --columns flowId,start,end,srcip,srcport,dstip,dstport,packets,bytes,srcas,dstas,inif,outif,natevent
}

@test "columns that nobody asks for are read where answers need them" {
  expect_output $'bytes\n3000\n80' both 'srcport < 1000' two.csv --columns bytes
  expect_output $',1\n1,1\n2,2\n3,2' bash -c "nfql-group --split-biflow srcas two.csv --no-members -O csv \
    --columns srcas,count | tail -n +2 | LC_ALL=C sort"
}

@test "octets alone are an answer" {
  printf '%s\n' srcip,dstip,bytes,outbytes 10.0.0.1,10.0.0.2,100,50 >bytes.csv
  expect_output $'srcip,bytes\n10.0.0.1,100\n10.0.0.2,50' both -e any bytes.csv --columns srcip,bytes
  expect_output $'srcip\n10.0.0.1\n10.0.0.2' both -e any bytes.csv --columns srcip
}

@test "what counts the other direction is no field any more" {
  expect_error 2 "outpackets" nfql-filter --split-biflow 'outpackets > 0' two.csv
}

@test "nfdump files are split, several inputs are one" {
  nfql-filter two.csv -o two.nfdump 2>/dev/null
  expect_output $'count,packets\n12,32' nfql-group --split-biflow -e any -a 'sum(packets) as packets' \
    two.nfdump two.csv -q --no-members -O csv --columns count,packets
}

@test "flows of both are found again by ungrouping" {
  nfql-group --split-biflow srcip two.csv | nfql-gfilter 'srcip = 10.0.0.2' | nfql-ungroup -O csv --columns srcip,packets >found
  [ "$(tail -n 1 found)" = 10.0.0.2,3 ]
}

@test "streams of our own are not split" {
  nfql-filter two.csv -o two.nfql
  expect_error 2 "split biflows where files of others are read" nfql-filter --split-biflow two.nfql
}
