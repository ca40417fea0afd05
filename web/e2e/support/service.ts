import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { copyDatabase, databaseUrl, dropDatabase, forget, scratch } from "./postgres";

/** A service that runs, and where it keeps what is not in its database. */
export type Service = { url: string; pid: number; dataDir: string };

const target = process.env.CARGO_TARGET_DIR ?? "../target";
const program = resolve(target, "debug", "dossier");
const running = join(scratch, "running");
/** The loaded demo, of which each file of tests has a copy: a database and a folder. */
const DEMO = "e2e_demo";
const demoData = join(scratch, "demo");

/** Loads the demo, once for each throwaway server. */
export async function prepare() {
  mkdirSync(running, { recursive: true });
  if (existsSync(join(demoData, "demo-password"))) return;
  const began = Date.now();
  forget(demoData);
  await dropDatabase(DEMO);
  await copyDatabase("template_dossier", DEMO);
  const service = await start(DEMO, demoData);
  await said(service, "people who sign in", 600_000);
  await stop(service.pid);
  console.log(`The demo is loaded (${Math.round((Date.now() - began) / 1000)} s).`);
}

let current: string | undefined;

/**
 * The service of a file of tests, on a copy of the demo that no other file touches. That of the
 * file before is stopped: each holds connections, of which there are not enough for all.
 */
export async function serviceOf(file: string): Promise<Service> {
  const name = basename(file, ".spec.ts").replace(/\W+/g, "_");
  const record = join(running, `${name}.json`);
  if (current !== undefined && current !== record) await stopAll([basename(current)]);
  current = record;
  if (existsSync(record)) return JSON.parse(readFileSync(record, "utf8"));
  const dataDir = join(scratch, name);
  forget(dataDir);
  cpSync(demoData, dataDir, { recursive: true });
  await dropDatabase(`e2e_${name}`);
  await copyDatabase(DEMO, `e2e_${name}`);
  const service = await start(`e2e_${name}`, dataDir);
  writeFileSync(record, JSON.stringify(service));
  return service;
}

/** Stops the services that files of tests have started. */
export async function stopAll(records: string[]) {
  for (const record of records) {
    const place = join(running, record);
    if (!existsSync(place)) continue;
    const { pid } = JSON.parse(readFileSync(place, "utf8")) as Service;
    forget(place);
    await stop(pid);
  }
}

export { running };

async function start(database: string, dataDir: string): Promise<Service> {
  mkdirSync(dataDir, { recursive: true });
  const log = logOf(dataDir);
  writeFileSync(log, "");
  const out = openSync(log, "a");
  const child = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: databaseUrl(database),
      DOSSIER_LOG: "warn",
    },
    stdio: ["ignore", out, out],
    detached: true,
  });
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  const line = await said({ pid, dataDir }, "dossier serves", 60_000);
  const url = /http:\/\/\S+/.exec(line)?.[0];
  if (url === undefined) throw new Error(`no address in: ${line}`);
  return { url, pid, dataDir };
}

function logOf(dataDir: string): string {
  return `${dataDir}.log`;
}

/** The line in which the service says something, once it has. */
async function said(
  service: Pick<Service, "pid" | "dataDir">,
  words: string,
  patience: number,
): Promise<string> {
  const until = Date.now() + patience;
  for (;;) {
    const log = readFileSync(logOf(service.dataDir), "utf8");
    const line = log.split("\n").find((other) => other.includes(words));
    if (line !== undefined) return line;
    if (!isAlive(service.pid) || Date.now() > until) {
      throw new Error(`the service did not say "${words}":\n${log.slice(-2000)}`);
    }
    await pause(50);
  }
}

async function stop(pid: number) {
  if (!isAlive(pid)) return;
  process.kill(pid, "SIGTERM");
  const until = Date.now() + 20_000;
  while (isAlive(pid)) {
    if (Date.now() > until) process.kill(pid, "SIGKILL");
    await pause(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked about is no longer alive either.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function pause(milliseconds: number) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
