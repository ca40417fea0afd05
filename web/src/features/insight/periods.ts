export const STEPS = ["month", "week", "day"] as const;
export const MEASURES = ["raised", "cleared", "open"] as const;
export type Step = (typeof STEPS)[number];
export type Measure = (typeof MEASURES)[number];
export type Periods = { by?: Step; show?: Measure };

/** What of the address the report understands. */
export function readPeriods(search: Record<string, unknown>): Periods {
  const by = STEPS.find((step) => step === search.by);
  const show = MEASURES.find((measure) => measure === search.show);
  return { ...(by && { by }), ...(show && { show }) };
}

/** What the periods' columns are called: a month by its name, the rest by its first day. */
export function periodName(from: string, by: Step, language: string): string {
  const options: Intl.DateTimeFormatOptions =
    by === "month" ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  return format.format(new Date(`${from}T00:00:00Z`));
}
