#!/usr/bin/env bats
# nfql-filter as people call it.
# shellcheck disable=SC2154,SC2012  # run sets stderr; names here are plain

load support/common

flows() {
  make_flows trace.ft "$@" <<'EOF'
1000,1500,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500
1200,1300,10.0.0.2,80,10.0.0.1,1234,6,0x12,4,4000
2000,2000,192.168.1.9,5353,10.0.0.3,53,17,0,1,70
EOF
}

# kept EXPR: the sources of the flows that pass, in one line.
kept() {
  nfql-filter "$1" trace.ft -O csv --columns srcip | tail -n +2 | paste -sd' '
}

@test "flows as CSV have the documented columns" {
  flows
  expect_output "start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes
1970-01-01T00:00:01.000Z,1970-01-01T00:00:01.500Z,10.0.0.1,1234,10.0.0.2,80,6,27,5,500
1970-01-01T00:00:01.200Z,1970-01-01T00:00:01.300Z,10.0.0.2,80,10.0.0.1,1234,6,18,4,4000
1970-01-01T00:00:02.000Z,1970-01-01T00:00:02.000Z,192.168.1.9,5353,10.0.0.3,53,17,0,1,70" \
    nfql-filter trace.ft -O csv
}

@test "a lone argument that is a file is the input, another is the expression" {
  flows
  expect_output $'srcip\n10.0.0.1\n10.0.0.2\n192.168.1.9' nfql-filter trace.ft -O csv --columns srcip
  expect_output $'srcip\n192.168.1.9' nfql-filter 'proto = udp' -O csv --columns srcip <trace.ft
}

@test "what is an expression does not depend on the files that are there" {
  flows
  cp trace.ft srcip
  expect_error 2 "names a file" nfql-group srcip trace.ft
  expect_output $'srcip,count\n10.0.0.1,1\n10.0.0.2,1\n192.168.1.9,1' \
    nfql-group -e srcip trace.ft -O csv --columns srcip,count
  expect_error 1 "nothing.ft: cannot open: No such file or directory" nfql-filter nothing.ft
}

@test "an output that is a link or a descriptor is followed" {
  flows
  echo old >real.csv
  ln -s real.csv link.csv
  ln -s /proc/self/fd/1 out
  nfql-filter trace.ft -o link.csv
  [ -L link.csv ]
  [ "$(wc -l <real.csv)" -eq 4 ]
  nfql-filter trace.ft -O csv -o out >stdout.csv
  cmp stdout.csv real.csv
  nfql-filter trace.ft -O csv -o /dev/stdout >>stdout.csv
  [ "$(wc -l <stdout.csv)" -eq 8 ]
}

@test "each branch gets all columns that its own output holds" {
  flows
  nfql-filter --branch a=any --to a=a.csv --branch b=any --to b=b.nfql trace.ft
  nfql-filter trace.ft -o all.nfql
  cmp b.nfql all.nfql
}

@test "one output for two branches, or for a copy too, is refused" {
  flows
  expect_error 2 "x: is named for two outputs" \
    nfql-filter --branch a=any --to a=x --branch b=any --to b=x trace.ft
  expect_error 2 "x.csv: is named for two outputs" nfql-filter trace.ft -o x.csv --tee x.csv
  [ ! -e x ]
  [ ! -e x.csv ]
}

@test "a reader that goes does not cut the other outputs short" {
  seq 60000 | sed 's/.*/&,&,10.0.0.1,1234,10.0.0.2,80,6,0,5,&/' | make_flows trace.ft
  mkfifo gone
  head -c 100 gone >/dev/null &
  nfql-filter --branch a=any --to a=gone --branch b=any --to b=b.csv trace.ft
  [ "$(wc -l <b.csv)" -eq 60001 ]
  nfql-filter trace.ft -O csv --tee copy.nfql | head -1 >/dev/null
  [ "$(nfql-filter copy.nfql -O csv | wc -l)" -eq 60001 ]
}

@test "a limit is a count" {
  flows
  expect_error 2 "--limit: '-1' is no count of rows" nfql-filter trace.ft -n -1 -O csv
  expect_error 2 "is no count" nfql-filter trace.ft -n 99999999999999999999999 -O csv
  nfql-filter trace.ft -n 1 -O csv --stats=json >out.csv 2>stats
  grep -q '"rows_out":1,' stats
}

@test "a date without its zeros is no sum" {
  flows
  expect_error 2 "'2030-1-5' is no date or time" nfql-filter 'start > 2030-1-5' trace.ft
}

@test "names of columns are checked against fields that were not read, too" {
  flows
  expect_error 2 "did you mean 'srcip'?" nfql-filter trace.ft --columns srcipp -O csv
}

@test "expressions: names, prefixes, sets, ranges, flags, arithmetic, time" {
  flows
  [ "$(kept 'dstport = http')" = 10.0.0.1 ]
  [ "$(kept 'srcip = 10.0.0.0/8')" = "10.0.0.1 10.0.0.2" ]
  [ "$(kept 'srcip not in {10.0.0.0/30, 1.2.3.4}')" = 192.168.1.9 ]
  [ "$(kept 'srcport in 1..1023')" = 10.0.0.2 ]
  [ "$(kept 'flags = SA')" = 10.0.0.2 ]
  [ "$(kept 'flags = S/SR and proto = tcp')" = "10.0.0.1 10.0.0.2" ]
  [ "$(kept '(flags & P) != 0')" = 10.0.0.1 ]
  [ "$(kept 'bytes - 1000 < 0')" = "10.0.0.1 192.168.1.9" ]
  [ "$(kept 'duration >= 100ms and not bytes > 1k')" = 10.0.0.1 ]
  [ "$(kept 'start >= 1970-01-01T00:00:02Z or end = 1300 delta 50')" = "10.0.0.2 192.168.1.9" ]
}

@test "a mistake in an expression is shown with a caret and the nearest name" {
  flows
  run -2 --separate-stderr nfql-filter 'proto = tcp and dsport = 80' trace.ft
  expected="nfql-filter: filter: the input has no field 'dsport'
  proto = tcp and dsport = 80
                  ^~~~~~
  hint: did you mean 'dstport'?"
  [ "$stderr" = "$expected" ] || { diff <(echo "$expected") <(echo "$stderr"); false; }
}

@test "a constant that does not fit its field is an error" {
  flows
  expect_error 2 "70000" nfql-filter 'srcport = 70000' trace.ft
  expect_error 2 "10..5" nfql-filter 'srcport in 10..5' trace.ft
}

@test "filters compose: two in a pipe are one with both terms" {
  flows
  nfql-filter 'proto = 6' trace.ft | nfql-filter 'bytes > 2000' -O csv >piped
  nfql-filter 'proto = 6 and bytes > 2000' trace.ft -O csv >joined
  cmp piped joined
}

@test "flow-tools in, flow-tools out: the same records, byte for byte" {
  flows --streaming
  nfql-filter trace.ft -O flow-tools >copy.ft
  cmp trace.ft copy.ft
  flows --streaming --big-endian
  nfql-filter trace.ft -O flow-tools | cmp - copy.ft
}

@test "several inputs are one, and flowIds go on" {
  flows
  expect_output $'flowId\n0\n1\n2\n3\n4\n5' nfql-filter -e any trace.ft trace.ft -O csv --columns flowId
  cat trace.ft trace.ft | expect_output $'flowId\n0\n1\n2\n3\n4\n5' nfql-filter -O csv --columns flowId
}

@test "branches get their flows from one pass over the input" {
  flows
  nfql-filter --branch 'web=proto = tcp' --to web=web.csv --branch all= --to all=all.csv trace.ft
  [ "$(wc -l <web.csv)" -eq 3 ]
  [ "$(wc -l <all.csv)" -eq 4 ]
  expect_error 2 "branch 'web' has no output" nfql-filter --branch web=any trace.ft
}

@test "--stats=json tells rows and bytes" {
  flows
  run -0 --separate-stderr nfql-filter 'proto = udp' trace.ft -O csv --stats=json
  [ "$(jq -c '.stages[] | [.stage, .rows_in, .rows_out]' <<<"$stderr")" = '["filter",3,1]' ]
}

@test "--limit ends early, --time=ms and --tz print times differently" {
  flows
  expect_output $'start\n1000' nfql-filter trace.ft -O csv --columns start --time=ms -n 1
  expect_output $'start\n1970-01-01T02:00:01.000+02:00' \
    nfql-filter trace.ft -O csv --columns start --tz +02:00 -n 1
}

@test "addresses and numbers may come from a file" {
  flows
  printf '# servers\n10.0.0.2\n192.168.0.0/16\n' >list
  [ "$(kept 'srcip in @list')" = "10.0.0.2 192.168.1.9" ]
  expect_error 1 "nolist" nfql-filter 'srcip in @nolist' trace.ft
}

@test "foreign files are refused by name" {
  need_shared
  expect_error 1 "nfdump file, layout 3" nfql-filter "$NFQL_SOURCE_DIR/tests/data/lab/nf9-layout3.nfcapd"
  expect_error 1 "version 8" nfql-filter \
    "$NFQL_SHARED/data/samples/unsupport_ftv8.2016-01-17.compress.7.bigend.sample"
}

@test "any number of threads gives the same bytes" {
  seq 200000 | sed 's/.*/&,&,10.0.0.1,1234,10.0.0.2,80,6,0,5,&/' | make_flows trace.ft
  nfql-filter trace.ft -j 1 -o one.nfql
  nfql-filter trace.ft --threads 5 -o five.nfql
  cmp one.nfql five.nfql
  nfql-filter 'bytes > 1000' one.nfql -j 1 -O flow-tools -o one.ft
  nfql-filter 'bytes > 1000' one.nfql -j 5 -O flow-tools -o five.ft
  cmp one.ft five.ft
  expect_error 2 "--threads: '0' is no count of threads (1 to 1024)" nfql-filter -j 0 trace.ft
}

@test "flows are the same whether or not their blocks need to be read" {
  seq 200000 | sed 's/.*/&,&9,10.0.0.1,1234,10.0.0.2,80,6,0,5,&/' | make_flows trace.ft
  nfql-filter trace.ft -o sorted.nfql
  nfql-filter trace.ft -z zstd -o packed.nfql
  for filter in 'start < 1970-01-01T00:00:02' 'not start < 1970-01-01T00:03:19' 'bytes in 70000..70009' \
    'start > 1970-01-01T00:04'; do
    for window in '' '--since 1970-01-01T00:03:10 --starts'; do
      # shellcheck disable=SC2086  # options and their values
      chosen() { nfql-filter "$filter" -O csv --columns start,end,bytes $window "$@"; }
      chosen trace.ft >expected
      chosen sorted.nfql -j 1 | cmp - expected
      chosen sorted.nfql -j 4 | cmp - expected
      chosen packed.nfql | cmp - expected
      chosen <sorted.nfql | cmp - expected
    done
  done
  [ "$(wc -l <expected)" -eq 1 ]
  run -0 --separate-stderr nfql-filter 'start < 1970-01-01T00:00:02' sorted.nfql -O csv --stats=json
  [ "$(jq -c '.stages[] | [.rows_in, .rows_out]' <<<"$stderr")" = '[200000,1999]' ]
  run -0 --separate-stderr nfql-group sorted.nfql --until 1970-01-01T00:01:10 -O csv --stats=json
  [ "$(jq -c '.stages[] | .rows_in' <<<"$stderr")" = 200000 ]
  # 8 bytes of the last block, of whom nobody asks.
  size=$(stat -c %s sorted.nfql)
  printf '12345678' | dd of=sorted.nfql bs=1 seek=$((size - 1000)) conv=notrunc status=none
  expect_error 1 "the checksum is wrong" nfql-filter sorted.nfql -o /dev/null
  nfql-filter 'start < 1970-01-01T00:00:02' sorted.nfql -o /dev/null
  nfql-group sorted.nfql --until 1970-01-01T00:01:10 -o /dev/null
}
