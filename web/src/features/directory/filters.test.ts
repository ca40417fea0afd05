import { describe, expect, it } from "vitest";
import { isFiltered, readFilters, toCondition, toQuery } from "./filters";

const ME = "0199a1b2-0000-7000-8000-0000000000b1";

describe("the filters of the address", () => {
  it("come back as they were written", () => {
    const filters = { q: "hunt", folder: "f1", show: "vip", sort: "-updated_at" } as const;
    expect(readFilters({ ...filters })).toEqual(filters);
  });

  it("leave out what is not known", () => {
    expect(readFilters({ show: "risk", sort: "-balance", q: "", folder: 7 })).toEqual({
      folder: "7",
    });
  });

  it("keep digits that the address made a number", () => {
    expect(readFilters({ q: 234567 })).toEqual({ q: "234567" });
  });

  it("name no order where it is the usual one", () => {
    expect(readFilters({ sort: "name" })).toEqual({});
  });
});

describe("what the service is asked for", () => {
  it("has a filter for each choice", () => {
    expect(toQuery({ show: "dormant", folder: "f1" }, ME)).toEqual({
      filter: { folder: "f1", lifecycle: "dormant" },
    });
    expect(toQuery({ show: "mine" }, ME)).toEqual({ filter: { workers: ME } });
    expect(toQuery({ show: "under_review" }, ME)).toEqual({ filter: { under_review: "true" } });
  });

  it("wants both tags where two are asked for", () => {
    expect(toQuery({ show: "vip", tag: "store-1" }, ME)).toEqual({
      filter: { "tags][has_all": "store-1,vip" },
    });
  });

  it("has no order in a search, which has its own", () => {
    expect(toQuery({ q: " hunt ", sort: "-name" }, ME)).toEqual({ q: "hunt", filter: {} });
  });
});

it("an order alone filters nothing", () => {
  expect(isFiltered({ sort: "-name" })).toBe(false);
  expect(isFiltered({ show: "vip" })).toBe(true);
});

describe("the filters as a condition", () => {
  it("are all of them but the text, for a job", () => {
    expect(toCondition({}, ME)).toEqual({ all: [] });
    expect(toCondition({ q: "ada", status: "won", show: "mine" }, ME)).toEqual({
      all: [
        { field: "status", op: "eq", value: "won" },
        { field: "workers", op: "has", value: ME },
      ],
    });
  });
});

it("the archive is a list of its own", () => {
  expect(toQuery({ show: "archived" }, "me")).toEqual({ filter: {}, archived: true });
});
