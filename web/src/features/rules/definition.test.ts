import { expect, it } from "vitest";
import {
  latest,
  moved,
  operand,
  type Rule,
  regroup,
  replaced,
  sends,
  typed,
  withNow,
} from "./definition";
import { lineAt, nearestPlace, placeOf } from "./json-place";

const leaf = (field: string) => ({ field, op: "is_set" });

it("what waits as a draft is the latest", () => {
  const rule = {
    rule_version: 1,
    name: "Thank",
    trigger: { events: ["task.added"] },
    then: [],
    limits: null,
    draft: { rule_version: 2, name: "Thank well", trigger: { events: [] }, then: [] },
  } as unknown as Rule;
  expect(latest(rule)).toEqual({
    version: 2,
    definition: { name: "Thank well", trigger: { events: [] }, then: [] },
  });
});

it("a step in a branch that sends counts", () => {
  const branch = { action: "branch", when: {}, then: [], else: [{ action: "send_email" }] };
  expect(sends([{ action: "add_tag" }, branch])).toBe(true);
  expect(sends([{ action: "add_tag" }])).toBe(false);
});

it("not of several is not any of them", () => {
  expect(regroup("not", [leaf("a")])).toEqual({ not: leaf("a") });
  expect(regroup("not", [leaf("a"), leaf("b")])).toEqual({ not: { any: [leaf("a"), leaf("b")] } });
});

it("a branch asks for the customer as they are then, but for the account", () => {
  const fields = ["after.status", "after.balance.amount", "event.amount"].map((field) => ({
    field,
    label: `After: ${field}`,
  }));
  const found = withNow(fields, "Now").map(({ field }) => field);
  expect(found.slice(3)).toEqual(["now.status"]);
});

it("lists change by place", () => {
  expect(replaced(["a", "b"], 0, undefined)).toEqual(["b"]);
  expect(replaced(["a", "b"], 1, "c")).toEqual(["a", "c"]);
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
});

it("a value is typed as one writes it", () => {
  expect(operand("label", "in", "won, lost")).toEqual(["won", "lost"]);
  expect(operand("money", "gte", "10.50 eur")).toEqual({ amount: "10.50", currency: "EUR" });
  expect(operand("bool", "eq", "true")).toBe(true);
  expect(typed({ amount: "10.50", currency: "EUR" })).toBe("10.50 EUR");
  expect(typed(["won", "lost"])).toBe("won, lost");
});

it("a pointer has its place in the text", () => {
  const text = '{\n  "a": [1, {"b~/c": "x,]"}],\n  "d": true\n}';
  const slice = (pointer: string) => {
    const place = placeOf(text, pointer);
    return place && text.slice(place.start, place.end);
  };
  expect(slice("/a/1/b~0~1c")).toBe('"x,]"');
  expect(slice("/d")).toBe("true");
  expect(slice("/a/2")).toBeUndefined();
  expect(lineAt(text, nearestPlace(text, "/d/none").start)).toBe(3);
});
