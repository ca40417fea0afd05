import type { Order, Quote } from "./queries";

export type Row = { at: string } & ({ quote: Quote } | { order: Order });
type Rows = { rows: Row[]; isWhole: boolean };

export const ofQuotes = (quotes: Quote[]): Row[] =>
  quotes.map((quote) => ({ at: quote.drafted_at ?? "", quote }));

export const ofOrders = (orders: Order[]): Row[] =>
  orders.map((order) => ({ at: order.placed_at, order }));

/** Several lists as one, newest first, as far down as all of them are known. */
export function merged(lists: Rows[]): Row[] {
  const ends = lists.flatMap(({ rows, isWhole }) => (isWhole ? [] : [rows.at(-1)?.at ?? ""]));
  const end = ends.reduce((last, at) => (at > last ? at : last), "");
  return lists
    .flatMap(({ rows }) => rows)
    .filter(({ at }) => at >= end)
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
