#!/usr/bin/env bats
# With libfixbuf's ipfixDump, SiLK and the datagrams of a real exporter: field by field.
# shellcheck disable=SC2154  # run sets status, output and stderr

load ../cli/support/common

need() {
  command -v "$1" >/dev/null || skip "$1 is not here"
}

# make FILE: flows of all kinds of fields, of both families, see tests/data/make_nfdump.py.
make() {
  "$NFQL_SOURCE_DIR/tests/data/make_nfdump.py" --flows 1000 >made.nfdump
  nfql-filter -e any made.nfdump -o "$1"
}

# dumped FILE ELEMENT...: the values that ipfixDump shows of these elements, a line a record; of
# elements with a colon the first one that there is.
dumped() {
  local file=$1
  shift
  ipfixDump -d --rfc5610 --in "$file" | awk -v wanted="$*" '
    function line(  i, k, text, parts, count) {
      if (!any) return
      for (i = 1; i <= columns; ++i) {
        count = split(names[i], parts, ":")
        for (k = 1; k <= count && !(parts[k] in values); ++k);
        text = text (i > 1 ? "," : "") values[parts[k]]
      }
      print text
    }
    BEGIN { columns = split(wanted, names, " ") }
    /^--- data record/ { line(); delete values; any = 0 }
    match($0, /^\t\([0-9\/]+\)/) {
      id = substr($0, 3, RLENGTH - 3)
      values[id] = substr($0, index($0, " : ") + 3)
      any = any || id == 152 || id == 8 || id == 27
    }
    END { line() }'
}

# ours FILE COLUMNS: the same of ours, in its form of times.
ours() {
  nfql-filter -e any "$1" -O csv --columns "$2" | tail -n +2 | sed 's/\([0-9]\)T\([0-9:.]*\)Z/\1 \2/g'
}

# as_port PORT: the datagrams of the lab's exporter as a file.
as_port() {
  "$NFQL_SOURCE_DIR/tests/data/pcap_payloads.py" "$NFQL_SOURCE_DIR/tests/data/lab/export.pcap" "$1"
}

@test "ipfixDump shows what we wrote, and counts it" {
  need ipfixDump
  make all.ipfix
  dumped all.ipfix 152 153 8:27 12:28 7 11 4 2 1 5 16 17 >theirs
  [ "$(wc -l <theirs)" -eq 1000 ]
  # It writes IPv6 addresses in a form of its own, so the short ones are compared.
  ours all.ipfix start,end,srcip,dstip,srcport,dstport,proto,packets,bytes,tos,srcas,dstas >expected
  diff <(cut -d, -f1,2,5- theirs) <(cut -d, -f1,2,5- expected)
  diff <(grep -v : <(cut -d, -f3,4 theirs)) <(grep -v : <(cut -d, -f3,4 expected))
  run ipfixDump -s --in all.ipfix
  [[ $output == *" Data Records"* ]]
  [[ $output != *WARNING* ]]
}

@test "sums of a group are those that ipfixDump shows, and other columns have names" {
  need ipfixDump
  make all.ipfix
  nfql-group proto -a 'sum(bytes), max(packets) as most' all.ipfix --no-members -O csv \
    --columns proto,sum_bytes,most,count | tail -n +2 >expected
  nfql-group proto -a 'sum(bytes), max(packets) as most' all.ipfix -O ipfix >groups.ipfix
  ipfixDump -d --rfc5610 --in groups.ipfix |
    awk -F' : ' '/\(4\) /{p=$2} /\(1\) /{b=$2} /\(32473\/1\)/{m=$2} /\(3\) /{print p "," b "," m "," $2}' >theirs
  diff expected theirs
  ipfixDump -d --rfc5610 --in groups.ipfix | grep -q '(32473/1) *most'
  nfql-filter -e any groups.ipfix -O csv --columns proto,bytes,most,flows | tail -n +2 |
    diff expected -
}

@test "a copy of a copy is the same bytes, through a pipe too" {
  make one.ipfix
  nfql-filter -e any one.ipfix -O ipfix | nfql-filter -e any -O ipfix >two.ipfix
  cmp one.ipfix two.ipfix
}

@test "nothing is lost on the way from nfdump and back but what IPFIX cannot say" {
  make all.ipfix
  nfql-filter -e any made.nfdump -O csv >expected
  nfql-filter -e any all.ipfix -O csv | cmp - expected
  nfql-filter -e any all.ipfix -o back.nfdump
  nfql-filter -e any back.nfdump -O csv | cmp - expected
}

@test "datagrams of softflowd: the flows that nfcapd saw, with times that do not lie" {
  as_port 9997 >exported.ipfix
  columns=srcip,dstip,srcport,dstport,proto,packets,bytes,outpackets,outbytes
  # nfcapd has 0 where the record has no field, and swapped start and end.
  nfql-filter -e any exported.ipfix -O csv --columns start,end,$columns |
    tail -n +2 | sed 's/,,/,0,/g' | sort >ours
  nfql-filter -e any "$NFQL_SOURCE_DIR/tests/data/lab/ipfix-biflow.nfcapd" -O csv --columns start,end,$columns |
    tail -n +2 | awk -F, -v OFS=, '$2 < $1 { t = $1; $1 = $2; $2 = t } 1' | sort >theirs
  [ "$(wc -l <ours)" -eq 149 ]
  diff theirs ours
}

@test "a biflow is two flows where that is asked for" {
  as_port 9997 >exported.ipfix
  nfql-filter -e any exported.ipfix -O csv --columns packets,bytes,outpackets,outbytes |
    awk -F, 'NR > 1 { n += 1 + ($3 > 0); p += $1 + $3; b += $2 + $4 } END { print n "," p "," b }' >expected
  nfql-group --split-biflow -e any exported.ipfix -a 'sum(packets), sum(bytes)' -O csv \
    --columns count,sum_packets,sum_bytes | tail -n +2 | cmp expected -
  nfql-filter --split-biflow 'srcport = 80' exported.ipfix -O csv --columns dstip,dstport,packets |
    tail -n +2 | sort >answers
  [ -s answers ]
  nfql-filter 'dstport = 80 and outpackets > 0' exported.ipfix -O csv \
    --columns srcip,srcport,outpackets | tail -n +2 | sort | diff answers -
}

@test "a file of SiLK reads with the elements of its enterprise" {
  need_shared
  expect_output "srcip,dstip,bytes,flags,silkAppLabel,e6871:32
10.77.0.1,10.77.0.2,393,27,0,0" nfql-filter -e any "$NFQL_SOURCE_DIR/tests/data/lab/silk.ipfix" -O csv \
    --columns srcip,dstip,bytes,flags,silkAppLabel,e6871:32
  nfql-filter -e any "$NFQL_SHARED/data/trace-2009.ipfix" -O csv | sort >ours
  nfql-filter -e any "$NFQL_SHARED/data/trace-2009.ftz" -O csv | sort | diff - ours
}

@test "SiLK reads what we wrote, and we what it wrote" {
  need rwipfix2silk
  need rwsilk2ipfix
  need rwcut
  need_shared
  nfql-filter -e any "$NFQL_SHARED/data/trace-2009.ftz" -o ours.ipfix
  rwipfix2silk --silk-output=flows.rw ours.ipfix
  rwcut --no-titles --no-columns --column-separator=, --timestamp-format=epoch,msec \
    --fields=sip,dip,sport,dport,proto,packets,bytes flows.rw | sed 's/,$//' | sort >theirs
  ours ours.ipfix srcip,dstip,srcport,dstport,proto,packets,bytes | sort | diff theirs -
  rwsilk2ipfix --ipfix-output=theirs.ipfix flows.rw
  ours theirs.ipfix srcip,dstip,proto,packets,bytes | sort |
    diff <(ours ours.ipfix srcip,dstip,proto,packets,bytes | sort) -
}

@test "an input is known by its first bytes, and damage is an error" {
  make all.ipfix
  nfql-filter -e any -I ipfix -O csv <all.ipfix >expected
  # shellcheck disable=SC2002  # a pipe is what is tested
  cat all.ipfix | nfql-filter -e any -O csv | cmp - expected
  head -c -7 all.ipfix >cut.ipfix
  run --separate-stderr nfql-filter -e any cut.ipfix -O csv
  [ "$status" -eq 1 ]
  [[ $stderr == *"cut.ipfix: message at byte "*" is cut short: "* ]]
  run --separate-stderr nfql-filter --salvage -e any cut.ipfix -O csv
  [ "$status" -eq 1 ]
  [ "$(wc -l <<<"$output")" -gt 500 ]
}

@test "a query may name any element" {
  printf '{"branches":{"a":{"filter":"e6871:14 = 27 and octetTotalCount = 5","group":"e4242:7"}}}' \
    >query.json
  nfql-run --check query.json
  need_shared
  nfql-filter 'initialTCPFlags = S' "$NFQL_SHARED/data/trace-2009.ipfix" -O csv --columns flags >/dev/null
  expect_error 1 "no flow of the input has a value for the field 'e4242:7'" \
    nfql-filter 'e4242:7 = 1' "$NFQL_SOURCE_DIR/tests/data/lab/silk.ipfix" -O csv
  expect_error 1 "no flow of the input has a value for the field 'ie82'" \
    nfql-filter 'ie82 = 1' "$NFQL_SOURCE_DIR/tests/data/lab/silk.ipfix" -O csv
  [[ $stderr == *"text, lists and octets longer than 8 cannot be the values of fields"* ]]
}
