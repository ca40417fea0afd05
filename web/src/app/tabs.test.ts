import { expect, it } from "vitest";
import { asTab, keyOf, tabsFor } from "./tabs";

const all = () => true;
const without =
  (...hidden: string[]) =>
  (permission: string) =>
    !hidden.includes(permission);

it("tabs are those that one may see", () => {
  expect(tabsFor(without("finance.read"), ["sales"])).not.toContain("finance");
  expect(tabsFor(all, ["owner"])[0]).toBe("overview");
});

it("who works with money begins with it", () => {
  expect(tabsFor(all, ["finance"])[0]).toBe("finance");
  expect(tabsFor(all, ["finance", "sales"])[0]).toBe("overview");
});

it("a tab of the address that one may not see is none", () => {
  const tabs = tabsFor(without("finance.read"), ["sales"]);
  expect(asTab("finance", tabs)).toBeUndefined();
  expect(asTab(undefined, tabs)).toBe("overview");
});

it("the first nine tabs and the last have a key", () => {
  expect([0, 8, 9, 10].map((at) => keyOf(at, 11))).toEqual(["1", "9", undefined, "0"]);
  expect(keyOf(8, 9)).toBe("9");
});
