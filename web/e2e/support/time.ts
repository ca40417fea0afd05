import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "./service";

const ZONE = "Europe/Berlin";
const DAY_MS = 86_400_000;

/** Where a day of the demo's source lies now: all of them are moved by whole weeks. */
export function shifted(day: string, { dataDir }: Service): string {
  const weeks = Number(readFileSync(join(dataDir, "demo-weeks"), "utf8"));
  return new Date(Date.parse(`${day}T00:00:00Z`) + weeks * 7 * DAY_MS).toISOString().slice(0, 10);
}

/** A day counted from today, as the browser of the tests sees it. */
export function dayFromNow(days: number): string {
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date());
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** A moment so many hours ago, as one enters it. */
export function localTime(hoursAgo: number): string {
  const moment = new Date(Date.now() - hoursAgo * 3_600_000);
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: ZONE,
    dateStyle: "short",
    timeStyle: "short",
  });
  return format.format(moment).replace(" ", "T");
}

/** A day as the page writes it. */
export function onScreen(day: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(`${day}T00:00:00Z`));
}
