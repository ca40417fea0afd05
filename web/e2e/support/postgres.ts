import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import postgres from "postgres";

const socket = process.env.DOSSIER_TEST_POSTGRES;
const user = process.env.DOSSIER_TEST_POSTGRES_USER;
if (socket === undefined || user === undefined) {
  throw new Error("start these tests as ./test e2e, or below target/debug/testenv");
}

/** What lasts as long as the throwaway server, and goes with it. */
export const scratch = join(dirname(socket), "e2e");

/** As the service wants it. */
export function databaseUrl(name: string): string {
  return `host=${socket} user=${user} dbname=${name}`;
}

export async function copyDatabase(from: string, to: string) {
  await sql(`CREATE DATABASE "${to}" TEMPLATE "${from}" STRATEGY file_copy`);
}

export async function dropDatabase(name: string) {
  await sql(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

async function sql(statement: string) {
  const path = `${socket}/.s.PGSQL.5432`;
  const client = postgres({ path, user, database: "postgres", max: 1, onnotice: () => {} });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end();
  }
}

export function forget(folder: string) {
  rmSync(folder, { recursive: true, force: true });
}
