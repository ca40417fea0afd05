import { expect, it } from "vitest";
import { queryText } from "./api";

it("a filter stands in brackets, and what is not given not at all", () => {
  const query = { q: undefined, filter: { tags: "vip", "tags][has_all": "a,b" }, limit: 50 };
  expect(decodeURIComponent(queryText(query))).toBe(
    "filter[tags]=vip&filter[tags][has_all]=a,b&limit=50",
  );
  expect(decodeURIComponent(queryText({ fields: ["id", "name"] }))).toBe("fields=id,name");
});
