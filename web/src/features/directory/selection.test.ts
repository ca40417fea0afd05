import { expect, it } from "vitest";
import { extend, isChosen, isNobody, NOBODY, toggle } from "./selection";

const rows = ["a", "b", "c", "d"];
const chosen = (ids: Iterable<string>) => [...ids].sort().join("");

it("one is chosen and let go again", () => {
  const one = toggle(NOBODY, "b", rows);
  expect(chosen(one.ids)).toBe("b");
  expect(isNobody(toggle(one, "b", rows))).toBe(true);
});

it("a range goes from the last one that was chosen, either way", () => {
  const from = toggle(NOBODY, "c", rows);
  expect(chosen(extend(from, "a", rows).ids)).toBe("abc");
  expect(chosen(extend(from, "d", rows).ids)).toBe("cd");
  expect(chosen(extend(NOBODY, "b", rows).ids)).toBe("b");
});

it("a range keeps what was chosen before, and its own beginning", () => {
  const both = extend(toggle(toggle(NOBODY, "a", rows), "c", rows), "d", rows);
  expect(chosen(both.ids)).toBe("acd");
  expect(chosen(extend(both, "b", rows).ids)).toBe("abcd");
});

it("of all that match, letting one go leaves those that are loaded", () => {
  const all = { ...NOBODY, isAll: true };
  expect(isChosen(all, "anybody")).toBe(true);
  expect(chosen(toggle(all, "b", rows).ids)).toBe("acd");
});
