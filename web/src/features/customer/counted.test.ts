import { expect, test } from "vitest";
import { counted } from "./counted";

test("events are counted by what people call them, in a fixed order", () => {
  const byType = {
    "customer.tagged": 1,
    "customer.note_edited": 1,
    "order.placed": 1,
    "quote.accepted": 1,
    "customer.note_added": 2,
    "task.completed": 1,
  };
  expect(counted(byType)).toEqual([
    ["notes", 2],
    ["tasks", 1],
    ["sales", 2],
    ["changes", 2],
  ]);
  expect(counted({})).toEqual([]);
});
