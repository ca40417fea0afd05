import { expect, it } from "vitest";
import { before, type Page, pagesOf, type Rows, rowsOf, within } from "./customer";

type Row = { id: string };
const page = (ids: string[], next: string | null): Page<Row> => ({
  data: ids.map((id) => ({ id })),
  page: { next, prev: null, has_more: next !== null },
  position: "1",
});
const pages: Rows<Row> = {
  pages: [page(["a", "b"], "n"), page(["c"], null)],
  pageParams: [undefined, "n"],
};
const ids = (rows: Rows<Row> | undefined) => rowsOf(rows).map(({ id }) => id);

it("pages are one list, which goes on where the last one says", () => {
  const { getNextPageParam } = pagesOf<Row>(["x"], async () => page([], null));
  const next = (last: Page<Row>) => getNextPageParam(last, [last], undefined, [undefined]);
  expect(ids(pages)).toEqual(["a", "b", "c"]);
  expect(next(page(["a"], "n"))).toBe("n");
  expect(next(page(["a"], null))).toBeUndefined();
});

it("a row that was just written is the first, without a change to what was there", () => {
  expect(ids(before(pages, { id: "new" }))).toEqual(["new", "a", "b", "c"]);
  expect(ids(pages)).toEqual(["a", "b", "c"]);
  expect(before(undefined, { id: "new" })).toBeUndefined();
});

it("rows change in every page", () => {
  const marked = within(pages, (rows) => rows.map(({ id }) => ({ id: `${id}!` })));
  expect(ids(marked)).toEqual(["a!", "b!", "c!"]);
});
