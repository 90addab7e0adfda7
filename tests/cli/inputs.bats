#!/usr/bin/env bats
# What is read: directories, windows of time, clocks that were wrong.
# shellcheck disable=SC2154  # run sets output and stderr

load support/common

# flow FILE START END PORT: a flow-tools file of one flow, in seconds of the year 2012.
flow() {
  mkdir -p "$(dirname "$1")"
  make_flows "$1" <<<"$((1335771830 + $2))000,$((1335771830 + $3))000,10.0.0.1,$4,10.0.0.2,80,6,0,1,50"
}

# ports COMMAND...: the source ports of what a command gives, in one line.
ports() {
  "$@" -O csv --columns srcport | tail -n +2 | paste -sd' '
}

@test "a directory is read in the order of names, folder by folder" {
  flow tree/b/1 0 0 3
  flow tree/a.x 0 0 2
  flow tree/a/9 0 0 1
  flow tree/.nfstat 0 0 77
  flow tree/nfcapd.current.5 0 0 78
  [ "$(ports nfql-filter tree)" = "1 2 3" ]
  [ "$(ports nfql-filter any tree/b tree/a.x)" = "3 2" ]
  [ "$(ports nfql-filter tree/nfcapd.current.5)" = 78 ]
  echo '{"branches": {"A": {}}}' >q.json
  [ "$(ports nfql-run q.json tree)" = "1 2 3" ]
  [ "$(nfql-group tree -O csv --columns count)" = $'count\n3' ]
}

@test "what is no flow file in a directory is passed over, and named if somebody knows it" {
  flow tree/a 0 0 1
  echo 'Flows of May' >tree/README
  echo 'Flows of June' >tree/c
  gzip -c tree/a >tree/b.gz
  cp "$NFQL_SOURCE_DIR/tests/data/lab/nf9-layout3.nfcapd" tree/d
  cp tree/d tree/e
  echo '{"branches": {"A": {}}}' >tree/q.json
  nfql-group srcip tree/a -o tree/z.nfql
  run -0 --separate-stderr nfql-filter tree -O csv --columns srcport
  [ "$output" = $'srcport\n1' ]
  mapfile -t told <<<"$stderr"
  [ ${#told[@]} = 6 ]
  [[ ${told[0]} == *"tree/b.gz: is compressed with gzip; passed over (pipe it in: zcat FILE | "* ]]
  [[ ${told[1]} == *"tree/d: is an nfdump file, layout 3 (nfdump 1.8); passed over (send it to "* ]]
  [[ ${told[2]} == *"tree/e: is an nfdump file, layout 3 (nfdump 1.8); passed over (send it to "* ]]
  [[ ${told[3]} == *"tree/q.json: no name of a column is that of a field; passed over" ]]
  [[ ${told[4]} == *"tree/z.nfql: is a stream without flows; passed over" ]]
  [[ ${told[5]} == *"tree/README: is no flow file; passed over, with 1 more like it" ]]
  expect_output $'srcport\n1' nfql-filter -q tree -O csv --columns srcport
  expect_error 1 "tree/README: is text" nfql-filter tree/README
  mkdir none
  expect_error 1 "none: is a directory without files" nfql-filter none
}

@test "--since and --until choose flows that are active, or with --starts flows that begin" {
  flow a 0 20 1
  flow b 10 40 2
  flow c 30 35 3
  since=2012-04-30T07:44:00Z until=2012-04-30T07:44:20
  [ "$(ports nfql-filter any a b c --since $since)" = "1 2 3" ]
  [ "$(ports nfql-filter any a b c --since $since --starts)" = "2 3" ]
  [ "$(ports nfql-filter any a b c --since $since --until $until --starts)" = "2" ]
  [ "$(ports nfql-filter any a b c --until $until --active)" = "1 2" ]
  [ "$(ports nfql-filter any a b c --since 1335771860000)" = "2 3" ]
  [ "$(ports nfql-filter any a b c --since 20120430074420 --starts)" = 3 ]
  [ "$(ports nfql-filter any a b c --since 201204300944 --tz +02:00 --starts)" = "2 3" ]
  [ "$(ports nfql-filter any a b c --since 2012-04-30T09:44:25 --tz +02:00)" = "2 3" ]
  echo '{"branches": {"A": {}}}' >q.json
  [ "$(ports nfql-run q.json a b c --since $since --starts)" = "2 3" ]
  [ "$(nfql-group -e "" a b c --since $since --starts -O csv --columns count)" = $'count\n2' ]
  nfql-run --explain q.json a b c --since $since --starts --time-offset a=5 >pipeline
  grep -qF -- "--since $since --starts --time-offset 'a=5'" pipeline
}

@test "files that were captured far from the window are not opened" {
  flow tree/nfcapd.201204300740 0 0 1
  head -c 50 tree/nfcapd.201204300740 >tree/nfcapd.200104300740
  head -c 50 tree/nfcapd.201204300740 >tree/ft-v05.2021-04-30.074000+0200
  expect_error 1 "ends in the middle" nfql-filter tree -o x.csv
  [ "$(ports nfql-filter tree --since 2012-04-30 --until 2012-05-01)" = 1 ]
}

@test "a file that is named is read, whatever its name says of its time" {
  flow a 0 0 1
  flow nfcapd.200104300740 0 0 2
  [ "$(ports nfql-filter any a nfcapd.200104300740 --since 2012-04-30)" = "1 2" ]
}

@test "flows without times are counted where times choose" {
  printf '%s\n' srcport,start,end 1,2012-04-30T07:00:00Z,2012-04-30T07:00:01Z 2,, 3,,2012-04-30T08:00:00Z >t.csv
  run --separate-stderr nfql-filter t.csv --since 2012-04-30 -O csv --columns srcport
  [ "$output" = $'srcport\n1\n3' ]
  [[ $stderr == *"t.csv: 1 flow without a time was left out"* ]]
}

@test "a window that is none is a mistake" {
  flow a 0 0 1
  expect_error 2 "--since: 'yesterday' is no time" nfql-filter a --since yesterday
  expect_error 2 "--until: '1335771860' is no time" nfql-filter a --until 1335771860
  [[ $stderr == *"if these are seconds, write 1335771860000 or 2012-04-30T07:44:20.000Z"* ]]
  expect_error 2 "--since: '201213010000' is no time" nfql-filter a --since 201213010000
  expect_error 2 "--since: '' is no time" nfql-filter a --since ''
  expect_error 2 "--until: '' is no time" nfql-filter a --until ''
  expect_error 2 "--until 2012-05-01 is not after --since 2012-05-01" \
    nfql-filter a --since 2012-05-01 --until 2012-05-01
  expect_error 2 "--starts says what --since and --until mean" nfql-filter a --starts
  expect_error 2 "two meanings" nfql-filter a --starts --active --since 2012-05-01
  nfql-group srcip a -o groups.nfql
  expect_error 2 "groups.nfql: holds no flows, which --since or --until is for" \
    nfql-gfilter groups.nfql --since 2012-05-01
  nfql-filter a --columns srcip -o bare.nfql
  expect_error 2 "bare.nfql: its flows have no field 'start'" nfql-filter bare.nfql --until 2012-05-01
}

@test "flows that end before they start are swapped, with one warning an input" {
  flow a 20 10 1
  flow b 0 1 2
  run -0 --separate-stderr nfql-filter any a b -O csv --columns start,duration
  [ "$output" = $'start,duration\n2012-04-30T07:44:00.000Z,10000\n2012-04-30T07:43:50.000Z,1000' ]
  [ "$stderr" = "nfql-filter: warning: a: 1 flow ended before it began: start and end were swapped" ]
  echo '{"branches": {"A": {}}}' >q.json
  run -0 --separate-stderr nfql-run q.json a b -O csv --columns start
  [[ $stderr == *"a: 1 flow ended before it began"* ]]
  # What is written is right for those who read it.
  expect_output $'start\n2012-04-30T07:44:00.000Z' bash -c \
    'nfql-filter -q a -O flow-tools | nfql-filter -O csv --columns start'
}

@test "--time-offset corrects the clock of an input or of an exporter" {
  flow a 0 10 1
  flow b 0 10 2
  expect_output $'start,srcport\n2012-04-30T07:43:49.000Z,1\n2012-04-30T07:43:50.000Z,2' \
    nfql-filter any a b --time-offset a=-1000 -O csv --columns start,srcport
  expect_output $'start\n2012-04-30T07:43:50.500Z' bash -c \
    'nfql-filter a --time-offset a=+500 -O flow-tools | nfql-filter -O csv --columns start'
  run -0 --separate-stderr nfql-filter a --time-offset 10.1.1.1=5 -o x.csv
  [ "$stderr" = "nfql-filter: warning: --time-offset: no flow is from exporter 10.1.1.1" ]
  expect_error 2 "--time-offset: 'c' is no input and no address" nfql-filter a --time-offset c=5
  expect_error 2 "--time-offset: 'a' is not SOURCE=MS" nfql-filter a --time-offset a
  expect_error 2 "--time-offset: 'a=1s' is not SOURCE=MS" nfql-filter a --time-offset a=1s
}
