#!/bin/bash
# The independent reader must find in every sample what was written, and nothing in damaged ones.
# Usage: check.sh WRITE_SAMPLES
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
reader=(/usr/bin/python3 "$here/read_stream.py")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "check.sh: $*" >&2
    exit 1
}

"$1" "$work" 150
for stream in "$work"/*.nfql; do
    "${reader[@]}" "$stream" >"$work/got"
    diff -u "${stream%.nfql}.want" "$work/got" | head -20 >&2
    cmp -s "${stream%.nfql}.want" "$work/got" || fail "${stream##*/}: is not what was written"
done

# The example of the manual page is a stream.
sed -n '/^\.Bd -literal/,/^\.Ed/p' "$here/../../man/nfql-stream.5" | grep -v '^\.' |
    /usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' |
    "${reader[@]}" - >"$work/got" || fail "the manual's example is no stream"
cmp -s "$work/got" <(sed '1s/\[{.*/[{"name":"","groups":[],"flows":[]}]}/' "$work/empty-none.want") ||
    fail "the manual's example is another stream"

damaged=$work/damaged
refused() {
    if "${reader[@]}" "$damaged" >/dev/null 2>"$work/message"; then
        fail "accepted a stream $1"
    fi
    grep -q '^read_stream.py: ' "$work/message" || fail "no message for a stream $1"
}
for stream in "$work"/{flows-none,tuples-zstd}.nfql; do
    size=$(stat -c %s "$stream")
    for cut in 1 8 $((size / 2)) $((size - 3)) $((size - 1)); do
        head -c "-$cut" "$stream" >"$damaged"
        refused "cut by $cut bytes"
    done
    for at in 3 20 40 $((size / 3)) $((size - 30)); do
        cp "$stream" "$damaged"
        byte=$(od -An -tu1 -j "$at" -N1 "$stream")
        printf '%b' "\\x$(printf %02x $((byte ^ 16)))" |
            dd of="$damaged" bs=1 seek="$at" conv=notrunc status=none
        refused "changed at byte $at"
    done
    { cat "$stream" && printf x; } >"$damaged"
    refused "with a byte too many"
done
echo "check.sh: all streams read as written"
