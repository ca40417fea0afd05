import { describe, expect, it } from "vitest";
import { ago, day, days, initials, isZero, localDay, money, nearDay, size } from "./format";

describe("money", () => {
  it("has two places at least, a real minus and no float in between", () => {
    expect(money("1250", "en")).toBe("1,250.00");
    expect(money("0", "en")).toBe("0.00");
    expect(money("-3.5", "en")).toBe("\u22123.50");
    expect(money("-0.00", "en")).toBe("0.00");
    expect(money("12345678901234567890.125", "en")).toBe("12,345,678,901,234,567,890.125");
  });

  it("is written as the language does", () => {
    expect(money("1250.5", "de")).toBe("1.250,50");
    expect(money("1250.5", "vi")).toBe("1.250,50");
  });

  it("is nothing, however it is written", () => {
    expect(["0", "0.00", "-0"].every(isZero)).toBe(true);
    expect(isZero("0.01")).toBe(false);
  });
});

describe("times", () => {
  const now = new Date("2026-11-22T12:00:00Z");

  it("are near for seven days, then a date", () => {
    expect(ago("2026-11-22T10:00:00Z", "en", now)).toBe("2h ago");
    expect(ago("2026-11-22T11:59:50Z", "en", now)).toBe("now");
    expect(ago("2026-11-16T12:00:00Z", "en", now)).toBe("6d ago");
    expect(ago("2026-11-01T12:00:00Z", "en", now)).toMatch(/2026/);
  });

  it("do not move a day that has no time", () => {
    expect(day("2026-05-26", "en")).toBe("May 26, 2026");
  });

  it("call the last two days by their names", () => {
    const noon = new Date(2026, 10, 22, 12);
    expect(nearDay("2026-11-22", "en", noon)).toBe("today");
    expect(nearDay("2026-11-21", "en", noon)).toBe("yesterday");
    expect(nearDay("2026-11-20", "en", noon)).toBe("Nov 20, 2026");
    expect(nearDay("2026-11-23", "en", noon)).toBe("Nov 23, 2026");
  });

  it("count one day as one", () => {
    expect(days(1, "en")).toBe("1 day");
    expect(days(40, "en")).toBe("40 days");
  });

  it("give the day of the reader", () => {
    expect(localDay(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
});

it("letters of a name are those of its ends", () => {
  expect(initials("Eleanor van der Hunt")).toBe("EH");
  expect(initials("Plato")).toBe("P");
  expect(initials("Đào")).toBe("Đ");
});

it("a size is written in the unit that fits", () => {
  expect([0, 999, 48_211, 1_500_000, 3e9].map((bytes) => size(bytes, "en"))).toEqual([
    "0 bytes",
    "999 bytes",
    "48.2 kB",
    "1.5 MB",
    "3 GB",
  ]);
});
