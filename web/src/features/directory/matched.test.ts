import { expect, it } from "vitest";
import { pieces } from "./matched";

const marked = (text: string, q: string) =>
  pieces(text, q)
    .map(({ piece, hit }) => (hit ? `[${piece}]` : piece))
    .join("");

it("marks what was searched for, whatever the case", () => {
  expect(marked("Rosemary Schmidt", "mary")).toBe("Rose[mary] Schmidt");
  expect(marked("Eleanor Hunt", "HUNT ele")).toBe("[Ele]anor [Hunt]");
});

it("marks letters with their marks", () => {
  expect(marked("Nguyễn Thị Đào", "nguyen dao")).toBe("[Nguyễn] Thị [Đào]");
});

it("marks nothing without a search", () => {
  expect(marked("Eleanor Hunt", "")).toBe("Eleanor Hunt");
  expect(pieces("", "a")).toEqual([]);
});
