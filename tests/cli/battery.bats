#!/usr/bin/env bats
# What every tool does alike, whatever its job: help, mistakes, broken inputs, closed descriptors.

load support/common

rows() {
  cat <<'EOF'
1000,1500,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500
1200,1300,10.0.0.2,80,10.0.0.1,1234,6,0x1b,4,4000
2000,2000,10.0.0.1,5353,10.0.0.3,53,17,0,1,70
EOF
}

# The inputs that each tool reads, made once a test: flows.nfql, groups.nfql, tuples.nfql, query.json.
streams() {
  rows | make_flows trace.ft --compress || return 1
  nfql-filter trace.ft -o flows.nfql || return 1
  nfql-group srcip flows.nfql -o groups.nfql || return 1
  nfql-merge 'A.srcip = B.srcip' A=groups.nfql B=groups.nfql -o tuples.nfql || return 1
  printf '{"branches": {"A": {"filter": "proto = tcp"}}}' >query.json || return 1
}

# call TOOL INPUT [OPTION...]: runs the tool on the input, whatever its command line looks like.
call() {
  local tool=$1 input=$2
  shift 2
  case $tool in
    nfql-filter) nfql-filter 'proto = tcp' "$input" "$@" ;;
    nfql-group) nfql-group srcip "$input" "$@" ;;
    nfql-gfilter) nfql-gfilter 'count > 0' "$input" "$@" ;;
    nfql-merge) nfql-merge '' "A=$input" "$@" ;;
    nfql-ungroup) nfql-ungroup "$input" "$@" ;;
    nfql-run) nfql-run query.json "$input" "$@" ;;
  esac
}

# input_of TOOL: the stream that it reads.
input_of() {
  case $1 in
    nfql-filter | nfql-group | nfql-run) echo flows.nfql ;;
    nfql-gfilter | nfql-merge) echo groups.nfql ;;
    nfql-ungroup) echo tuples.nfql ;;
  esac
}

@test "--help fits a screen and ends with an example that names the tool" {
  for tool in $NFQL_TOOLS; do
    run -0 --separate-stderr "$tool" --help
    [ "$("$tool" --help | wc -l)" -le 24 ]
    [ -z "$stderr" ]
    [[ $output == *$'\nExample:\n  '*"$tool"* ]]
    while IFS= read -r line; do
      [ "${#line}" -le 80 ]
    done <<<"$output"
  done
}

@test "--version names tool and version" {
  for tool in $NFQL_TOOLS; do
    run -0 "$tool" --version
    [[ $output =~ ^$tool\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
  done
}

@test "--help-fields lists the fields with their IPFIX names" {
  for tool in $NFQL_TOOLS; do
    run -0 "$tool" --help-fields
    [[ $output == *"sourceTransportPort"*"u16"*"7 "*"srcport sport"* ]]
  done
}

@test "an unknown option is a usage error in one line that starts with the tool's name" {
  for tool in $NFQL_TOOLS; do
    run -2 "$tool" --no-such-option </dev/null
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == "$tool: unknown option --no-such-option"* ]]
    run -2 "$tool" --ouput x </dev/null
    [[ $output == *"did you mean --output?"* ]]
  done
}

@test "a missing file is named, exit code 1" {
  streams
  for tool in $NFQL_TOOLS; do
    expect_error 1 "$tool: missing.nfql: cannot open: No such file or directory" \
      call "$tool" missing.nfql -O csv
  done
}

@test "a directory is no file, exit code 1" {
  streams
  mkdir folder
  for tool in $NFQL_TOOLS; do
    expect_error 1 "folder: is a directory" call "$tool" folder -O csv
  done
}

@test "empty input is an error: no flow file has 0 bytes" {
  streams
  for tool in $NFQL_TOOLS; do
    expect_error 1 "<stdin>: is empty" call "$tool" - -O csv </dev/null
  done
}

@test "binary garbage is an error that names the input" {
  streams
  head -c 3000 /bin/sh >garbage
  for tool in $NFQL_TOOLS; do
    expect_error 1 "garbage: " call "$tool" garbage -O csv
    [[ $stderr == "$tool: "* ]]
  done
}

@test "a full disk is an error, exit code 1, in every format" {
  streams
  for tool in $NFQL_TOOLS; do
    for format in csv json table nfql; do
      run -1 call "$tool" "$(input_of "$tool")" -O "$format" -o /dev/full
      [[ $output == *"/dev/full: cannot write: No space left on device"* ]]
      run -1 bash -c "$(declare -f call); call $tool $(input_of "$tool") -O $format >/dev/full"
      [[ $output == *"<stdout>: cannot write: No space left on device"* ]]
    done
  done
}

@test "--help to a full disk is an error" {
  for tool in $NFQL_TOOLS; do
    run -1 bash -c "$tool --help >/dev/full"
  done
}

@test "closed standard input is an error, not a wait" {
  streams
  for tool in $NFQL_TOOLS; do
    run -1 bash -c "$(declare -f call); call $tool - -O csv <&-"
    [[ $output == *"<stdin>: cannot read: Bad file descriptor"* ]]
  done
}

@test "closed standard output is an error" {
  streams
  for tool in $NFQL_TOOLS; do
    run -1 bash -c "$(declare -f call); call $tool $(input_of "$tool") -O csv 2>&1 >&- | cat; exit \${PIPESTATUS[0]}"
    [[ $output == *"<stdout>: cannot write: Bad file descriptor"* ]]
  done
}

@test "a reader that goes away ends a tool quietly" {
  seq 20000 | sed 's/.*/&,&,10.0.0.1,1234,10.0.0.2,80,6,0x1b,5,500/' | make_flows big.ft
  printf '{"branches": {"A": {"group": "flowId"}}, "merge": "", "ungroup": {}}' >query.json
  nfql-filter big.ft -o flows.nfql
  nfql-group flowId flows.nfql -o groups.nfql
  nfql-merge '' A=groups.nfql -o tuples.nfql
  for tool in $NFQL_TOOLS; do
    run -0 bash -c "set -o pipefail; $(declare -f call); call $tool $(input_of "$tool") -O csv | head -1"
    [ "${#lines[@]}" -eq 1 ]
  done
}

@test "a stream cut at every byte is an error, and no file appears" {
  streams
  for tool in nfql-filter nfql-gfilter nfql-ungroup; do
    input=$(input_of "$tool")
    size=$(stat -c %s "$input")
    for cut in $(seq 0 "$(((size + 39) / 40))" $((size - 1))) $((size - 1)); do
      head -c "$cut" "$input" >cut.nfql
      run -1 --separate-stderr call "$tool" cut.nfql -o out.nfql
      [[ $stderr == "$tool: cut.nfql: "* ]]
      [ ! -e out.nfql ]
    done
  done
}

@test "a compressed flow-tools file cut at every byte is an error" {
  rows | make_flows trace.ft --compress
  size=$(stat -c %s trace.ft)
  for cut in $(seq 0 $((size - 1))); do
    head -c "$cut" trace.ft >cut.ft
    run -1 --separate-stderr nfql-filter cut.ft -o out.csv
    [[ $stderr == "nfql-filter: cut.ft: "* ]]
    [ ! -e out.csv ]
  done
}

@test "--salvage keeps what came before the fault, and still exits with 1" {
  rows | make_flows trace.ft --streaming
  head -c -70 trace.ft >cut.ft
  run -1 --separate-stderr nfql-filter --salvage cut.ft -O csv --columns srcip
  [ "$output" = $'srcip\n10.0.0.1' ]
  [[ $stderr == *"cut.ft: "* ]]
  nfql-filter trace.ft | head -c -40 >cut.nfql
  run -1 --separate-stderr nfql-filter --salvage cut.nfql -O csv --columns srcip
  [ "${#lines[@]}" -eq 4 ]
  [[ $stderr == *"cut.nfql: stream is incomplete"* ]]
}

@test "an unknown output format is answered with the known ones" {
  streams
  for tool in $NFQL_TOOLS; do
    expect_error 2 "nfql, flow-tools, nfdump, ipfix, csv, json, table" \
      call "$tool" "$(input_of "$tool")" -O cvs
    [[ $stderr == *"did you mean 'csv'?"* ]]
  done
}

@test "a failed run leaves the old file as it was, and nothing beside it" {
  streams
  echo precious >out.csv
  for tool in $NFQL_TOOLS; do
    run -1 call "$tool" missing.nfql -o out.csv
    [ "$(cat out.csv)" = precious ]
    [ -z "$(find . -name '*.tmp')" ]
  done
}

@test "-o takes the format from the ending" {
  streams
  nfql-filter trace.ft -o out.csv --columns srcip,bytes
  expect_output $'srcip,bytes\n10.0.0.1,500\n10.0.0.2,4000\n10.0.0.1,70' cat out.csv
  nfql-filter trace.ft -o out.json --columns proto -n 1
  expect_output '{"proto":6}' cat out.json
}

@test "options of --help and of the manual are the same" {
  for tool in $NFQL_TOOLS; do
    page=$NFQL_SOURCE_DIR/man/$tool.1
    options=$("$tool" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u)
    for option in $options; do
      name=${option#--}
      grep -qE "Fl Fl $name( |$)" "$page" "$NFQL_SOURCE_DIR/man/nfql.7"
    done
  done
}
