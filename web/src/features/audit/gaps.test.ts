import { expect, it } from "vitest";
import { gapsOf } from "./gaps";

const entry = (version: number, type = "customer.tagged") => ({ version, type });

it("a whole list has every version from the first on", () => {
  const entries = [entry(3), entry(2), entry(1), entry(9, "order.recorded")];
  expect(gapsOf(entries, true)).toEqual({ latest: 3, first: 1, count: 3, missing: [] });
  expect(gapsOf([entry(3), entry(1)], true).missing).toEqual([2]);
  expect(gapsOf([entry(3), entry(2)], true).missing).toEqual([1]);
});

it("of a list that goes on, what lies before it is not missing", () => {
  expect(gapsOf([entry(7), entry(6)], false)).toMatchObject({ first: 6, missing: [] });
});

it("a list without entries of the record misses nothing", () => {
  expect(gapsOf([], true)).toEqual({ latest: 0, first: 0, count: 0, missing: [] });
});
