import { expect, it } from "vitest";
import { notesAfter, openTasksAfter } from "./fold";
import { dayStep, type Entry, inOrder, momentAt, momentsOf } from "./moments";

const at = (day: number, micros = "000000") => `2026-03-0${day}T08:00:00.${micros}Z`;
const entry = (position: number, occurred_at: string, type = "x", data: object = {}) =>
  ({
    id: `${position}`,
    position: `${position}`,
    occurred_at,
    recorded_at: at(9, `00000${position}`),
    type,
    actor: { type: "user", name: "Ada" },
    data,
  }) as unknown as Entry;

it("what happened at one time is one moment, in the order of the record", () => {
  const entries = [entry(3, at(2)), entry(1, at(1)), entry(2, at(2))];
  expect(inOrder(entries, "effective").map(({ id }) => id)).toEqual(["1", "2", "3"]);
  expect(momentsOf(entries, "effective")).toEqual([at(1), at(2)]);
  expect(momentsOf(entries, "recorded")).toHaveLength(3);
});

it("a time between two moments shows the one before, and none comes before the first", () => {
  const moments = [at(1, "000001"), at(1, "000002"), at(3)];
  expect(momentAt(moments, at(2))).toBe(1);
  expect(momentAt(moments, at(1, "000001"))).toBe(0);
  expect(momentAt(moments, at(9))).toBe(2);
  expect(momentAt(moments, "2020-01-01T00:00:00Z")).toBe(0);
});

it("a step of a day leads to another day", () => {
  const moments = [at(1), at(1, "000005"), at(3), at(3, "000005")];
  expect(dayStep(moments, 0, 1)).toBe(2);
  expect(dayStep(moments, 3, -1)).toBe(1);
  expect(dayStep(moments, 3, 1)).toBe(3);
});

it("a note is there from when it was written until it was deleted, as it was last edited", () => {
  const written = entry(1, at(1), "customer.note_added", {
    note_id: "n",
    text: "a",
    scope: "internal",
  });
  const edited = entry(2, at(2), "customer.note_edited", { note_id: "n", from: "a", to: "b" });
  const deleted = entry(3, at(3), "customer.note_deleted", { note_id: "n" });
  expect(notesAfter([written])).toMatchObject([{ id: "n", text: "a", scope: "internal" }]);
  expect(notesAfter([written, edited])).toMatchObject([{ text: "b", edited_at: at(2) }]);
  expect(notesAfter([written, edited, deleted])).toEqual([]);
});

it("a task is open until it is done", () => {
  const event = (type: string, time: string, data: object = {}) =>
    ({ type, time, partitionkey: "t", data }) as never;
  const events = [event("task.added", at(1), { title: "Call" }), event("task.completed", at(3))];
  expect(openTasksAfter(events, at(2), "recorded")).toMatchObject([{ id: "t", title: "Call" }]);
  expect(openTasksAfter(events, at(3), "recorded")).toEqual([]);
});
