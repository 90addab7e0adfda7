#!/usr/bin/env bats
# The JSON Schema of queries takes what nfql-run takes, and refuses what it refuses.

load support/common

schema=$NFQL_SOURCE_DIR/share/nfql/query.schema.json

# validate good|bad FILE...: each file is a query, of a *.jsonl each line is one; the schema must take
# all of them, or none. Prints how many there were.
validate() {
  /usr/bin/python3 - "$schema" "$@" <<'END'
import json
import sys

import jsonschema

path, wanted, *files = sys.argv[1:]
with open(path) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
count = 0
wrong = []
for name in files:
    with open(name) as file:
        text = file.read()
    for query in text.splitlines() if name.endswith(".jsonl") else [text]:
        count += 1
        errors = [error.message for error in validator.iter_errors(json.loads(query))]
        if bool(errors) != (wanted == "bad"):
            wrong.append(f"{name}: {query}: {errors}")
print(count)
sys.exit("\n".join(wrong) if wrong else 0)
END
}

@test "the schema takes the examples, and the queries of the C implementation" {
  count=$(validate good "$NFQL_SOURCE_DIR"/examples/*.json)
  [ "$count" -ge 5 ]
  need_shared
  count=$(validate good "$NFQL_SHARED"/data/queries/*.json)
  [ "$count" -ge 4 ]
}

@test "the schema takes what --to-json prints" {
  for text in "$NFQL_SOURCE_DIR"/tests/data/text/*.nfql; do
    nfql-run --to-json "$text" >"$(basename "$text").json"
  done
  count=$(validate good ./*.json)
  [ "$count" -eq 6 ]
}

@test "the schema and nfql-run take the same queries" {
  good=$NFQL_SOURCE_DIR/tests/data/schema/valid.jsonl
  count=$(validate good "$good")
  [ "$count" -eq "$(wc -l <"$good")" ]
  while IFS= read -r query; do
    nfql-run --to-json - <<<"$query" >out.json
    validate good out.json
  done <"$good"
}

@test "the schema and nfql-run refuse the same queries" {
  bad=$NFQL_SOURCE_DIR/tests/data/schema/invalid.jsonl
  count=$(validate bad "$bad")
  [ "$count" -eq "$(wc -l <"$bad")" ]
  while IFS= read -r query; do
    expect_error 2 "<stdin>:1:" nfql-run --to-json - <<<"$query"
  done <"$bad"
}

@test "every key that the schema has is in the manual" {
  jq -r '[.properties, ."$defs".branch.properties] | map(keys[]) | .[]' "$schema" | sort -u |
    while IFS= read -r key; do
      sed 's/\\(dq//g' "$NFQL_SOURCE_DIR/man/nfql-query.5" | grep -qF -- "$key"
    done
}
