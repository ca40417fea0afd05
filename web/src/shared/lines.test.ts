import { expect, it } from "vitest";
import { blank, isNumber, plain, total, written } from "./lines";

const line = (quantity: string, unit_price: string) => ({ ...blank(0), quantity, unit_price });

it("lines come to their sum, to the cent", () => {
  expect(total([line("2", "10.00"), line("1", "5.50")])).toBe("25.50");
  expect(total([line("3", "0.1")])).toBe("0.30");
  expect(total([line("1", "0.005")])).toBe("0.01");
  expect(total([line("1", "")])).toBe("0.00");
  expect(total([line("-1", "5")])).toBe("-5.00");
});

it("a comma is a point", () => {
  expect(plain(" 1 250,50 ")).toBe("1250.50");
  expect(isNumber("1,5")).toBe(true);
  expect(isNumber("")).toBe(false);
  expect(isNumber("five")).toBe(false);
});

it("lines in which nothing stands are not sent", () => {
  expect(written([line("2", "1,5"), blank(1)])).toEqual([
    { description: undefined, quantity: "2", unit_price: "1.5" },
  ]);
});
