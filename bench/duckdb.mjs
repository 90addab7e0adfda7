// Runs SQL statements in a DuckDB in memory and prints the rows of the last as CSV.
// DUCKDB_NODE is a directory in which `npm install @duckdb/node-api` was run.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.DUCKDB_NODE, 'package.json'));
const { DuckDBInstance } = require('@duckdb/node-api');

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const result = await connection.runAndReadAll(process.argv[2]);
for (const row of result.getRows()) {
  console.log(row.join(','));
}
