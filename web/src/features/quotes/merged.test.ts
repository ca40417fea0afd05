import { expect, it } from "vitest";
import { merged, type Row } from "./merged";

const rows = (...days: string[]) => days.map((at) => ({ at }) as Row);
const days = (found: Row[]) => found.map(({ at }) => at);

it("two lists are one, newest first", () => {
  const lists = [
    { rows: rows("05", "02"), isWhole: true },
    { rows: rows("04", "03"), isWhole: true },
  ];
  expect(days(merged(lists))).toEqual(["05", "04", "03", "02"]);
});

it("what lies before the end of a list that goes on waits for it", () => {
  const lists = [
    { rows: rows("05", "01"), isWhole: true },
    { rows: rows("04", "03"), isWhole: false },
  ];
  expect(days(merged(lists))).toEqual(["05", "04", "03"]);
});
