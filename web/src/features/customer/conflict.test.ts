import { expect, it } from "vitest";
import { changed, conflicts } from "./conflict";

const names = (first_name: string, last_name: string) => ({ first_name, last_name });
const was = names("Ada", "Byron");

it("only what one has changed is sent", () => {
  expect(changed(was, names("Ada", " Lovelace "))).toEqual({ last_name: "Lovelace" });
  expect(changed(was, names("", "Byron"))).toEqual({ first_name: "" });
});

it("two who change different fields are not in each other's way", () => {
  expect(conflicts(was, names("Augusta", "Byron"), names("Ada", "Lovelace"))).toEqual([]);
});

it("two who change the same field are shown both", () => {
  expect(conflicts(was, names("Ada", "King"), names("Ada", "Lovelace"))).toEqual([
    { field: "last_name", was: "Byron", theirs: "King", mine: "Lovelace" },
  ]);
  expect(conflicts(was, names("Ada", "Lovelace"), names("Ada", "Lovelace"))).toEqual([]);
});
