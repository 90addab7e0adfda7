#!/usr/bin/env bats
# nfql-run: whole queries, the pipelines that do the same, and what happens when something dies.
# shellcheck disable=SC2154,SC2012  # run sets stderr; names here are plain

load support/common

flows() {
  make_flows trace.ft --compress <<'EOF'
1000,1500,10.0.0.1,1234,10.0.0.8,80,6,0x1b,5,500
1010,1490,10.0.0.8,80,10.0.0.1,1234,6,0x1b,4,4000
1100,1200,10.0.0.2,4001,10.0.0.8,80,6,0x1b,6,600
1105,1300,10.0.0.8,80,10.0.0.2,4001,6,0x1b,8,8000
EOF
}

query() {
  cat >query.json <<'EOF'
{ "branches": {
    "req": {"filter": "dstport = http", "group": "srcip, dstip", "aggregate": "sum(bytes) as total"},
    "res": {"filter": "srcport = http", "group": "srcip, dstip", "aggregate": "sum(bytes) as total",
            "gfilter": "total > 5k"} },
  "merge": "req.srcip = res.dstip and req.dstip = res.srcip",
  "ungroup": {} }
EOF
}

@test "a query gives the flows of what matches, a stream a tuple" {
  flows
  query
  expect_output "stream,start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes
0,1100,1200,10.0.0.2,4001,10.0.0.8,80,6,27,6,600
0,1105,1300,10.0.0.8,80,10.0.0.2,4001,6,27,8,8000" nfql-run query.json trace.ft -O csv --time=ms
}

@test "the pipeline of --explain gives the same bytes, from a file and from standard input" {
  flows
  query
  for format in csv json table; do
    nfql-run query.json trace.ft -O "$format" >run.out
    nfql-run --explain query.json trace.ft -O "$format" >pipeline
    bash pipeline >pipe.out
    cmp run.out pipe.out
    nfql-run --explain query.json -O "$format" >pipeline
    bash pipeline <trace.ft >pipe.out
    cmp run.out pipe.out
  done
}

@test "the trace may come through a pipe, the query too" {
  flows
  query
  nfql-run query.json trace.ft -O csv >file.csv
  nfql-run query.json -O csv <trace.ft | cmp - file.csv
  nfql-run - trace.ft -O csv <query.json | cmp - file.csv
  expect_error 2 "cannot both be standard input" nfql-run - - <query.json
}

@test "stages that a query does not name do not run" {
  flows
  echo '{"branches": {"A": {"filter": "proto = tcp"}}}' >q.json
  nfql-run q.json trace.ft -O csv | cmp - <(nfql-filter 'proto = tcp' trace.ft -O csv)
  echo '{"branches": {"A": {"group": "srcip"}}}' >q.json
  nfql-run q.json trace.ft -O csv | cmp - <(nfql-group srcip trace.ft -O csv)
  echo '{"branches": {"A": {"gfilter": "count = 1 and bytes > 1k"}}}' >q.json
  nfql-run q.json trace.ft -O csv | cmp - <(nfql-filter 'bytes > 1k' trace.ft -O csv)
  echo '{"branches": {"A": {"group": "srcip"}}, "ungroup": {}}' >q.json
  nfql-run q.json trace.ft -O csv | cmp - <(nfql-group srcip trace.ft | nfql-ungroup -O csv)
  echo '{"branches": {"A": {}, "B": {}}, "merge": "A.srcip = B.dstip and A.start < B.start"}' >q.json
  expect_output $'A.srcip,B.srcip,A.count\n10.0.0.1,10.0.0.8,1\n10.0.0.8,10.0.0.2,1\n10.0.0.2,10.0.0.8,1' \
    nfql-run q.json trace.ft -O csv --columns A.srcip,B.srcip,A.count
}

@test "several branches without a merger go to a file each" {
  flows
  echo '{"branches": {"A": {"filter": "bytes > 1k"}, "B": {"group": ""}}}' >q.json
  expect_error 2 "2 branches and no merger" nfql-run q.json trace.ft
  nfql-run q.json trace.ft -o 'out-%b.csv'
  [ "$(wc -l <out-A.csv)" -eq 3 ]
  [ "$(wc -l <out-B.csv)" -eq 2 ]
}

@test "two results do not go to one file, however it is spelt" {
  flows
  cat >q.nfql <<'END'
splitter S {}  filter f {}  grouper h { srcip }
S branch A -> f  f -> h -> "a.csv"
S branch B -> f
END
  expect_error 2 "q.nfql:2:28: the branches 'A' (line 2) and 'B' (line 3) write one file, 'a.csv'" \
    nfql-run --check q.nfql
  expect_error 2 "write one file" nfql-run q.nfql trace.ft
  [ ! -e a.csv ]
  nfql-run q.nfql trace.ft -o '%b.csv'
  cmp A.csv B.csv
  echo '{"branches": {"A": {"output": "a.csv"}, "B": {"output": "./a.csv"}}}' >q.json
  expect_error 2 "q.json:1:58: the branches 'A' (line 1) and 'B' (line 1) write one file, './a.csv'" \
    nfql-run --check q.json
  echo '{"branches": {"A": {"output": "/dev/null"}, "B": {"output": "/dev/null"}}}' >q.json
  nfql-run q.json trace.ft -O csv
  echo '{"branches": {"A": {"output": "-"}, "B": {"output": "-"}}}' >q.json
  expect_error 2 "q.json:1:32: the query has 2 branches and no merger" nfql-run --check q.json
}

@test "branches that are not merged write the files that they name" {
  flows
  echo '{"branches": {"A": {"filter": "bytes > 1k", "output": "a.csv"}, "B": {"group": "srcip", "output": "b.json"}}}' >q.json
  nfql-run q.json trace.ft
  nfql-filter 'bytes > 1k' trace.ft -O csv | cmp - a.csv
  nfql-group srcip trace.ft -O json | cmp - b.json
  echo '{"branches": {"A": {"filter": "bytes > 1k", "output": "only.csv"}}}' >q.json
  nfql-run q.json trace.ft
  cmp only.csv a.csv
  echo '{"branches": {"A": {"output": "a.csv"}, "B": {}}, "merge": ""}' >q.json
  run -0 --separate-stderr nfql-run --check q.json
  [[ $stderr == "nfql-run: warning: q.json:1:32: branches.A.output: is not used, as the branch is merged"* ]]
}

@test "a query does not overwrite its trace" {
  flows
  cp trace.ft before.ft
  ln trace.ft link.ft
  printf 'splitter S {}\n"trace.ft" -> S  S branch A -> "./trace.ft"\n' >q.nfql
  expect_error 2 "q.nfql:2:32: './trace.ft' is read by this query" nfql-run --check q.nfql
  expect_error 2 "is read by this query" nfql-run q.nfql
  expect_error 2 "'link.ft' is read by this query" nfql-run q.nfql -o link.ft
  expect_error 2 "'link.ft' is read by this query" nfql-run q.nfql -o - --tee link.ft
  mkdir kept
  ln trace.ft kept/filter-A.nfql
  expect_error 2 "'kept/filter-A.nfql' is read" nfql-run q.nfql trace.ft -o - --dirpath kept
  cmp trace.ft before.ft
}

@test "a file with the name of an expression changes nothing" {
  flows
  echo '{"branches": {"A": {"filter": "any", "group": "srcip"}}}' >q.json
  nfql-run q.json trace.ft -O csv >before.csv
  cp trace.ft srcip
  nfql-run q.json trace.ft -O csv | cmp - before.csv
  bash -c "$(nfql-run q.json trace.ft -O csv --explain)" | cmp - before.csv
}

@test "branches without a merger: a file each, a limit each, or all in --dirpath" {
  seq 10000 69999 | sed -E 's/.*(.)/&,&,10.0.0.1,1234,10.0.0.\1,80,6,0,5,&/' | make_flows trace.ft
  echo '{"branches": {"A": {"filter": "dstport = 80"}, "B": {"group": "dstip"}}}' >q.json
  nfql-run q.json trace.ft -n 1 -o 'x-%b.csv'
  [ "$(cat x-A.csv x-B.csv | wc -l)" -eq 4 ]
  expect_output "" nfql-run q.json trace.ft --dirpath kept
  [ "$(ls kept)" = $'filter-A.nfql\ngroup-B.nfql' ]
  [ "$(nfql-filter kept/filter-A.nfql -O csv | wc -l)" -eq 60001 ]
  [ "$(nfql-gfilter kept/group-B.nfql -O csv | wc -l)" -eq 11 ]
}

@test "--tee copies the one result, with its flows" {
  flows
  echo '{"branches": {"A": {"group": "srcip"}}}' >q.json
  nfql-run q.json trace.ft -O csv --tee copy.nfql >/dev/null
  [ "$(nfql-ungroup --flat copy.nfql -O csv | wc -l)" -eq 5 ]
  expect_error 2 "--tee copies one result" nfql-run q.json trace.ft --tee x --dirpath d
}

@test "a core that is not ours is refused" {
  flows
  query
  expect_error 2 "there is no core 1023 for us" nfql-run query.json trace.ft --cores 1023
}

@test "an expression too long for the system is refused with a way out" {
  flows
  {
    printf '{"branches": {"A": {"filter": "bytes in {0'
    seq -f ', %.0f' 1 30000 | tr -d '\n'
    printf '}"}}}\n'
  } >q.json
  expect_error 2 "in @FILE" nfql-run q.json trace.ft
}

@test "what nohup has ignored stays ignored" {
  flows
  query
  mkfifo trace.pipe
  nohup nfql-run query.json trace.pipe -o out.csv >/dev/null 2>messages &
  local runner=$!
  timeout 20 bash -c "exec 7>trace.pipe; kill -HUP $runner; cat trace.ft >&7"
  wait "$runner" || wrong "$(cat messages)"
  [ "$(wc -l <out.csv)" -eq 3 ]
}

@test "--check and --explain run nothing" {
  flows
  query
  expect_output "" nfql-run --check query.json trace.ft
  sed -i 's/total > 5k/totl > 5k/' query.json
  expect_error 2 "query.json:4:25: branches.res.gfilter" nfql-run --check query.json trace.ft
  [[ $stderr == *"did you mean 'total'?"* ]]
  expect_error 2 "totl" nfql-run query.json trace.ft -o out.csv
  [ ! -e out.csv ]
}

@test "--threads is for every stage" {
  flows
  query
  nfql-run -j 3 --explain query.json trace.ft >pipeline
  [ "$(grep -c -- "-j 3" pipeline)" -eq "$(grep -c "nfql-" pipeline)" ]
  nfql-run -j 3 query.json trace.ft -O csv >three.csv
  nfql-run query.json trace.ft -O csv | cmp - three.csv
}

@test "columns of groups that no later stage reads are not passed on" {
  flows
  query
  nfql-run --explain query.json trace.ft >pipeline
  grep -F "nfql-group --aggregate 'sum(bytes) as total' --columns count,srcip,dstip -e" pipeline
  grep -F "nfql-group --aggregate 'sum(bytes) as total' --columns count,srcip,dstip,total -e" pipeline
  grep -F "nfql-gfilter --columns count,srcip,dstip -e" pipeline
  grep -F "nfql-merge --columns req.count -e" pipeline
  nfql-run --explain --dirpath kept -vv query.json trace.ft >pipeline
  [ "$(grep -c "group .*--columns" pipeline)" -eq 0 ]
}

@test "what is passed on does not change the flows" {
  flows
  local branches='"A": {"filter": "dstport = 80", "group": "srcip, dstip", "aggregate": "sum(bytes) as n"},
                  "B": {"filter": "srcport = 80", "group": "srcip, dstip", "aggregate": "sum(bytes) as n",
                        "gfilter": "duration < 1h and n > 0"}'
  for end in '"merge": "A.duration < B.duration or A.n < B.n"' '"merge": "A overlaps B"' \
    '"merge": "A.srcip = B.dstip", "emit": "collection"' '"merge": ""' \
    '"merge": "A.count > 0", "except": ["A.n = B.n"]'; do
    for ungroup in '{}' '{"flat": true}'; do
      echo "{\"branches\": {$branches}, $end, \"ungroup\": $ungroup}" >q.json
      nfql-run -q q.json trace.ft -O csv >some.csv
      rm -rf kept
      nfql-run -q q.json trace.ft -O csv --dirpath kept -vv -o all.csv
      cmp some.csv all.csv
      [ "$(wc -l <some.csv)" -gt 1 ]
    done
  done
}

@test "--explain=dot draws the processes" {
  flows
  query
  run -0 nfql-run --explain=dot query.json trace.ft
  [[ $output == "digraph query {"*'"filter" -> "group req"'*'"merge" -> "ungroup"'* ]]
}

@test "--dirpath keeps what the stages gave" {
  flows
  query
  nfql-run query.json trace.ft -O csv --dirpath kept -vvv >out.csv
  [ "$(ls kept | paste -sd' ')" = "filter-req.nfql filter-res.nfql gfilter-res.nfql group-req.nfql group-res.nfql merge.nfql ungroup.nfql" ]
  nfql-filter kept/ungroup.nfql -O csv | cmp - out.csv
  nfql-run query.json trace.ft -O csv --dirpath less >/dev/null
  [ "$(ls less)" = ungroup.nfql ]
}

@test "--stats=json is the last line, with every stage of every branch" {
  flows
  query
  run -0 --separate-stderr nfql-run query.json trace.ft -O csv --stats=json
  [ "$(tail -n 1 <<<"$stderr" | jq -c '[.stages[] | [.stage, .branch, .rows_in, .rows_out]]')" = \
    '[["filter","req",4,2],["filter","res",4,2],["group","req",2,2],["group","res",2,2],["gfilter","res",2,1],["merge","",3,1],["ungroup","",1,2]]' ]
  [ "$(tail -n 1 <<<"$stderr" | jq '.stages[-1].streams')" = 1 ]
}

@test "damage in the trace is told once, with the stage, and nothing comes out" {
  flows
  query
  head -c -5 trace.ft >cut.ft
  run -1 --separate-stderr nfql-run query.json cut.ft -o out.csv
  [[ $stderr == "nfql-run: filter: nfql-filter: cut.ft: "* ]]
  [ ! -e out.csv ]
  [ -z "$(find . -name '*.tmp')" ]
}

@test "branches of very different size do not wait for each other" {
  seq 30000 | sed 's/.*/&,&,10.0.0.1,&,10.0.0.2,80,6,0x1b,5,500/' | make_flows big.ft
  echo '{"branches": {"all": {}, "none": {"filter": "proto = udp"}}, "merge": "all.srcip = none.srcip"}' >q.json
  run -0 timeout 60 nfql-run q.json big.ft -O csv
  [ "${#lines[@]}" -eq 1 ]
  echo '{"branches": {"none": {"filter": "proto = udp"}, "all": {}}, "merge": "all.srcip = none.srcip"}' >q.json
  run -0 timeout 60 nfql-run q.json big.ft -O csv
  [ "${#lines[@]}" -eq 1 ]
}

# A query that takes its time: the trace comes through a FIFO that nobody closes.
slow_run() {
  mkfifo trace.fifo
  exec 9<>trace.fifo
  cat trace.ft >&9
  env --default-signal=INT,QUIT nfql-run query.json trace.fifo -o out.csv 2>errors 9>&- &
  run_pid=$!
  for _ in $(seq 100); do
    [ "$(pgrep -c -P "$run_pid" || true)" -ge 5 ] && break
    sleep 0.1
  done
}

@test "killing any process ends all others and is named" {
  flows
  query
  for victim in nfql-filter nfql-group nfql-gfilter nfql-merge nfql-ungroup; do
    rm -f trace.fifo
    slow_run
    pid=$(pgrep -P "$run_pid" -x "$victim" | head -n 1)
    kill -KILL "$pid"
    status=0
    wait "$run_pid" || status=$?
    [ "$status" -eq 1 ]
    grep -q "${victim#nfql-}.*process $pid was ended by signal 9 (SIGKILL)" errors
    [ -z "$(pgrep -P "$run_pid" || true)" ]
    [ ! -e out.csv ]
    [ -z "$(find . -name '*.tmp')" ]
    exec 9>&-
  done
}

@test "an interrupt ends everything, and the run dies of it" {
  flows
  query
  for signal in INT QUIT TERM; do
    rm -f trace.fifo
    slow_run
    children=$(pgrep -P "$run_pid" | paste -sd,)
    kill -"$signal" "$run_pid"
    status=0
    wait "$run_pid" || status=$?
    [ "$status" -eq $((128 + $(kill -l "$signal"))) ]
    [ -z "$(ps -o pid= -p "$children" || true)" ]
    [ ! -e out.csv ]
    exec 9>&-
  done
}

@test "the death of nfql-run itself leaves no process behind" {
  flows
  query
  slow_run
  children=$(pgrep -P "$run_pid" | paste -sd,)
  kill -KILL "$run_pid"
  wait "$run_pid" || true
  sleep 0.5
  # Whoever inherits them may take its time to bury them.
  [ -z "$(ps -o stat= -p "$children" | grep -v '^Z' || true)" ]
  [ ! -e out.csv ]
  exec 9>&-
}

@test "cores can be chosen, or not" {
  flows
  query
  nfql-run query.json trace.ft -O csv >plain.csv
  nfql-run --no-pin query.json trace.ft -O csv | cmp - plain.csv
  nfql-run --cores 0 query.json trace.ft -O csv | cmp - plain.csv
  expect_error 2 "--cores" nfql-run --cores zero query.json trace.ft
}
