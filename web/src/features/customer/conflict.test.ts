import { expect, it } from "vitest";
import type { Customer } from "@/shared/customer";
import { changed, conflicts } from "./conflict";

const customer = (first_name: string, last_name: string) =>
  ({ id: "c", first_name, last_name }) as Customer;
const was = customer("Ada", "Byron");

it("only what one has changed is sent", () => {
  const form = { first_name: "Ada", last_name: " Lovelace ", company_name: "" };
  expect(changed(was, form)).toEqual({ last_name: "Lovelace" });
});

it("two who change different fields are not in each other's way", () => {
  expect(conflicts(was, customer("Augusta", "Byron"), { last_name: "Lovelace" })).toEqual([]);
});

it("two who change the same field are shown both", () => {
  expect(conflicts(was, customer("Ada", "King"), { last_name: "Lovelace" })).toEqual([
    { field: "last_name", was: "Byron", theirs: "King", mine: "Lovelace" },
  ]);
  expect(conflicts(was, customer("Ada", "Lovelace"), { last_name: "Lovelace" })).toEqual([]);
});
