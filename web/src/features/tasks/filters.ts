export const SHOWS = ["today", "older", "overdue", "open", "done"] as const;
export type Show = (typeof SHOWS)[number];

/** Which tasks the page shows; left out is what most want: created today, of everybody. */
export type TaskFilters = { show?: Exclude<Show, "today">; who?: "me" };

export function readTaskFilters(search: Record<string, unknown>): TaskFilters {
  const show = SHOWS.find((other) => other === search.show);
  return {
    ...(show !== undefined && show !== "today" && { show }),
    ...(search.who === "me" && { who: "me" as const }),
  };
}
