import { expect, it } from "vitest";
import { dayStep, type Entry, momentAt, momentsOf } from "./moments";

const at = (day: number, micros = "000000") => `2026-03-0${day}T08:00:00.${micros}Z`;
const entry = (position: number, occurred_at: string) =>
  ({
    id: `${position}`,
    position: `${position}`,
    occurred_at,
    recorded_at: at(9, `00000${position}`),
  }) as unknown as Entry;

it("what happened at one time is one moment", () => {
  const entries = [entry(3, at(2)), entry(1, at(1)), entry(2, at(2))];
  expect(momentsOf(entries, "effective")).toEqual([at(1), at(2)]);
  expect(momentsOf(entries, "recorded")).toHaveLength(3);
});

it("a time between two moments shows the one before, and none comes before the first", () => {
  const moments = [at(1, "000001"), at(1, "000002"), at(3)];
  expect(momentAt(moments, at(2))).toBe(1);
  expect(momentAt(moments, at(1, "000001"))).toBe(0);
  expect(momentAt(moments, at(9))).toBe(2);
  expect(momentAt(moments, "2020-01-01T00:00:00Z")).toBe(0);
});

it("a step of a day leads to another day", () => {
  const moments = [at(1), at(1, "000005"), at(3), at(3, "000005")];
  expect(dayStep(moments, 0, 1)).toBe(2);
  expect(dayStep(moments, 3, -1)).toBe(1);
  expect(dayStep(moments, 3, 1)).toBe(3);
});
