import { type ComponentType, lazy } from "react";

const PAUSE_MS = 2000;
const SOON_MS = 10_000;
const RELOADED = "dossier-reloaded";
type Load<T> = () => Promise<T>;

const waiting: Load<unknown>[] = [];
let isTorn = false;

/** A part of the page that is loaded when it is first shown, or when there is time. */
export function late<Props>(load: Load<ComponentType<Props>>) {
  const loaded = patiently(load);
  return lazy(async () => ({ default: await loaded() }));
}

/**
 * What the service does not give waits for it, and then the page is loaded anew: a browser does not
 * ask again for a part that it once did not get, and a newer release no longer has it.
 */
export function patiently<T>(load: Load<T>): Load<T> {
  waiting.push(load);
  return async () => {
    if (isTorn) return reloadWhenThere(new Error("a part of the page is missing"));
    try {
      return await load();
    } catch (error) {
      isTorn = true;
      return reloadWhenThere(error);
    }
  };
}

/** Loads the rest while nothing else is to do, so that it is there when the service is not. */
export async function loadTheRest() {
  for (const load of waiting.splice(0)) {
    if (isTorn) return;
    await idle();
    await load().catch(() => {
      isTorn = true;
    });
  }
}

function idle(): Promise<unknown> {
  if (typeof requestIdleCallback === "undefined") return pause(PAUSE_MS);
  return new Promise((resolve) => requestIdleCallback(resolve));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function reloadWhenThere(error: unknown): Promise<never> {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < SOON_MS) throw error;
  while (!(await isThere())) await pause(PAUSE_MS);
  sessionStorage.setItem(RELOADED, `${Date.now()}`);
  location.reload();
  return new Promise(() => {});
}

function isThere(): Promise<boolean> {
  return fetch("/", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
}
