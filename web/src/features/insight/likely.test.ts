import { expect, it } from "vitest";
import { howLikely, share, some } from "./likely";

it("a chance is said in a word", () => {
  expect([0.95, 0.7, 0.5, 0.3, 0.1].map(howLikely)).toEqual([
    "likely",
    "likely",
    "open",
    "open",
    "unlikely",
  ]);
});

it("nothing is certain", () => {
  expect([0, 0.004, 0.5, 0.999, 1].map((chance) => share(chance, "en"))).toEqual([
    "< 1%",
    "< 1%",
    "50%",
    "> 99%",
    "> 99%",
  ]);
});

it("purchases are told as exactly as they can be known", () => {
  expect([0, 0.02, 0.86, 1.24, 47.49].map((number) => some(number, "en"))).toEqual([
    undefined,
    undefined,
    "0.9",
    "1.2",
    "47",
  ]);
});
