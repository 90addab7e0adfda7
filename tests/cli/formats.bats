#!/usr/bin/env bats
# What each format holds, as nfql-formats(5) says.

load support/common

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

@test "the table of nfql-formats(5) is what the tools do" {
  sed -n '/^\.\\" begin/,/^\.\\" end/p' "$NFQL_SOURCE_DIR/man/nfql-formats.5" | sed '1d;$d' >page
  [ "$(wc -l <page)" -gt 90 ]
  "$NFQL_SOURCE_DIR/scripts/field-table" "$(command -v nfql-filter)" | diff page -
}
