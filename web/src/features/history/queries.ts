import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read, type Schema } from "@/shared/api";
import { type Customer, keys } from "@/shared/customer";
import type { Clock, Entry } from "./moments";

const path = (customer: string) => ({ customer_id: customer });
const MOST = 200;

type Page<Row> = { data: Row[]; page: Schema["PageLinks"] };

/** All pages of a list, one after the other. */
async function all<Row>(load: (after: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | undefined; ; ) {
    const { data, page } = await load(after);
    rows.push(...data);
    if (!page.has_more || page.next === null) return rows;
    after = page.next;
  }
}

/** Everything that one may know to have happened to a customer. */
export function useEntries(customer: string) {
  return useQuery({
    queryKey: keys.part(customer, "entries"),
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      all<Entry>((after) => {
        const params = { path: path(customer), query: { after, limit: MOST } };
        return read(api.GET("/v1/customers/{customer_id}/timeline", { params, signal }));
      }),
  });
}

/** Of tasks the events with the task that they are about. */
export function useTaskEvents(customer: string) {
  return useQuery({
    queryKey: keys.part(customer, "task-events"),
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      all<Schema["Event"]>((after) => {
        const query = { after, limit: MOST, types: ["task.*"] };
        const params = { path: path(customer), query };
        return read(api.GET("/v1/customers/{customer_id}/history", { params, signal }));
      }),
  });
}

/** The customer as they were; while another moment is read, the one before stays. */
export function useCustomerAt(customer: string, moment: string | undefined, time: Clock) {
  return useQuery({
    queryKey: keys.part(customer, `as-of-${time}-${moment}`),
    enabled: moment !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const params = { path: path(customer), query: { as_of: moment, time } };
      return (await read(api.GET("/v1/customers/{customer_id}", { params, signal }))) as Customer;
    },
  });
}
