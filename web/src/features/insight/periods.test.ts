import { expect, it } from "vitest";
import { periodName, readPeriods } from "./periods";

it("of the address only what there is counts", () => {
  expect(readPeriods({ by: "week", show: "open", other: 1 })).toEqual({ by: "week", show: "open" });
  expect(readPeriods({ by: "year", show: 1 })).toEqual({});
});

it("a month has its name, a week its first day, in whichever zone", () => {
  expect(periodName("2026-11-01", "month", "en-GB")).toBe("Nov 26");
  expect(periodName("2026-11-16", "week", "en-GB")).toBe("16 Nov");
});
