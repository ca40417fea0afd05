import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read, type Schema } from "./api";
import type { Customer, Page } from "./customer";
import { known } from "./text";

/** Of customers that a list names by their ids alone, what they are called. */
export function useCustomerNames(ids: (string | null | undefined)[]): Map<string, string> {
  const asked = [...new Set(ids)].filter((id) => typeof id === "string").sort();
  const names = useQuery({
    queryKey: ["names", asked],
    enabled: asked.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const body = { field: "id", op: "in", value: asked } as unknown as Schema["Condition"];
      const params = { query: { fields: ["id", "display_name"], limit: 200 } };
      const answer = api.POST("/v1/customers/search", { body, params, signal });
      return ((await read(answer)) as Page<Customer>).data;
    },
  });
  const found = (names.data ?? []).map(
    ({ id, display_name }) => [id, known(display_name)] as const,
  );
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
