import { expect, it } from "vitest";
import { fits } from "./fits";

it("every word that was typed begins a word", () => {
  expect(fits("Change status: In negotiation", "stat neg")).toBe(true);
  expect(fits("Change status: In negotiation", "tus")).toBe(false);
  expect(fits("Đến: Công việc", "cong viec")).toBe(true);
});
