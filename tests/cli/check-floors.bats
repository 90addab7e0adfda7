#!/usr/bin/env bats
# scripts/check-floors, on a small tree that is right until a test puts something wrong into it.

load support/common

tree() {
  mkdir -p common/low common/high nfql-one nfql-two
  printf '# lowest first\nlow\nhigh\n' >common/FLOORS
  printf '#include <vector>\n#include "common/low/b.h"\n' >common/low/a.h
  printf '#include "common/low/a.h"\n#include "common/high/b.h"\n' >common/high/a.h
  printf '#include "common/high/a.h"\n#include "nfql-one/one.h"\n' >nfql-one/main.cc
}

# refused TEXT: the check fails and prints exactly this one line.
refused() {
  run "$NFQL_SOURCE_DIR/scripts/check-floors" .
  [ "$status" -eq 1 ] || wrong "exit code $status" || return 1
  [ "$output" = "$1" ] || wrong "expected: $1" || return 1
}

@test "a tree whose includes go down only is accepted in silence" {
  tree
  expect_output "" "$NFQL_SOURCE_DIR/scripts/check-floors" .
}

@test "this tree is accepted" {
  expect_output "" "$NFQL_SOURCE_DIR/scripts/check-floors"
}

@test "an include of a higher floor is refused" {
  tree
  printf '\n #  include <common/high/a.h>\n' >common/low/bad.cc
  refused 'common/low/bad.cc:2: low may not include high, which is above it: #  include <common/high/a.h>'
}

@test "an include of a floor that FLOORS does not know is refused" {
  tree
  printf '#include "common/cellar/a.h"\n' >common/high/bad.h
  refused 'common/high/bad.h:1: high may not include cellar, which is above it: #include "common/cellar/a.h"'
}

@test "a tool is included neither by common nor by another tool" {
  tree
  printf '#include "nfql-one/one.h"\n' >common/high/bad.cc
  refused 'common/high/bad.cc:1: common/high may not include a tool: #include "nfql-one/one.h"'
  rm common/high/bad.cc
  printf '#include "nfql-one/one.h"\n' >nfql-two/bad.cc
  refused 'nfql-two/bad.cc:1: nfql-two may not include a tool: #include "nfql-one/one.h"'
}

@test "an include that climbs with .. is refused" {
  tree
  printf '#include "../high/a.h"\n' >common/low/bad.cc
  refused 'common/low/bad.cc:1: an include is named from the top of the tree: #include "../high/a.h"'
}

@test "FLOORS and the folders must agree" {
  tree
  mkdir common/loft
  refused 'common/loft: not listed in common/FLOORS'
  rmdir common/loft
  printf 'roof\n' >>common/FLOORS
  refused 'common/FLOORS: there is no folder common/roof'
}
