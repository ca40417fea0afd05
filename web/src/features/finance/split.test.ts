import { expect, it } from "vitest";
import { split } from "./split";

it("what is over an invoice stays as credit", () => {
  expect(split("100", "60.00")).toEqual({ allocated: "60.000000", credit: "40.000000" });
  expect(split("40.5", "60")).toEqual({ allocated: "40.500000", credit: "0.000000" });
  expect(split("5", undefined)).toEqual({ allocated: "0.000000", credit: "5.000000" });
});
