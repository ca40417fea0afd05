import type { Schema } from "@/shared/api";

export type Entry = Schema["Entry"];
/** When it happened, or when we learned it. */
export type Clock = "effective" | "recorded";

export function timeOf(entry: Entry, clock: Clock): string {
  return clock === "effective" ? entry.occurred_at : entry.recorded_at;
}

/** The moments at which something happened. What is of one moment cannot be shown apart. */
export function momentsOf(entries: Entry[], clock: Clock): string[] {
  return [...new Set(entries.map((entry) => timeOf(entry, clock)))].sort();
}

/** The last moment up to a time; before the first there was nothing to show. */
export function momentAt(moments: string[], time: string): number {
  const until = new Date(time).getTime();
  const after = moments.findIndex((moment) => {
    const exact = moment === time ? until : new Date(moment).getTime();
    return exact > until || (exact === until && moment > time);
  });
  return after === -1 ? moments.length - 1 : Math.max(after - 1, 0);
}

/** The moment to which a step of a day leads: the next one on another day. */
export function dayStep(moments: string[], at: number, by: 1 | -1): number {
  const dayOf = (index: number) => new Date(moments[index] ?? 0).toDateString();
  let next = at;
  while (moments[next + by] !== undefined && dayOf(next) === dayOf(at)) next += by;
  return next;
}
