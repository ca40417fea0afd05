import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read, type Schema } from "@/shared/api";
import { customerQuery, keys } from "@/shared/customer";
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

/** The customer as they were; while another moment is read, the one before stays. */
export function useCustomerAt(customer: string, { as_of, time }: { as_of?: string; time: Clock }) {
  return useQuery({
    ...customerQuery(customer, { as_of: as_of ?? "", time }),
    enabled: as_of !== undefined,
    placeholderData: keepPreviousData,
  });
}
