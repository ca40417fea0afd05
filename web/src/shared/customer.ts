import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { api, read, type Schema } from "./api";
import { type AsOf, useAsOf } from "./moment";
import type { Personal } from "./text";

/** Only what has a name: further members are none that the page knows. */
type Named<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

/** A customer as the service gives them, with what only some roles see. */
export type Customer = Omit<Named<Schema["Customer"]>, "flag" | "dormant" | "display_name"> & {
  display_name?: Personal;
  flag?: { reason: Personal; by: Schema["Actor"]; at: string };
  dormant?: { since: string; reason?: Personal };
  do_not_work_with?: { reason?: Personal };
  portal?: { until: string };
};

export type Page<Row> = { data: Row[]; page: Schema["PageLinks"]; position: string };
export type Rows<Row> = InfiniteData<Page<Row>>;

export const keys = {
  directory: ["directory"] as const,
  favourites: ["favourites"] as const,
  customer: (id: string) => ["customers", id] as const,
  part: (id: string, part: string) => ["customers", id, part] as const,
};

/** What was is kept beside what is: nothing that happens now changes it. */
function keyAt(key: readonly unknown[], asOf: AsOf | undefined): readonly unknown[] {
  return asOf === undefined ? key : ["past", asOf.time, asOf.as_of, ...key];
}

export const customerQuery = (id: string, asOf?: AsOf) =>
  queryOptions({
    queryKey: keyAt(keys.part(id, "record"), asOf),
    queryFn: async ({ signal }) => {
      const params = { path: { customer_id: id }, query: asOf };
      return (await read(api.GET("/v1/customers/{customer_id}", { params, signal }))) as Customer;
    },
    staleTime: 30_000,
  });

export function useCustomer(id: string) {
  const asOf = useAsOf();
  return useQuery({ ...customerQuery(id, asOf), placeholderData: asOf && keepPreviousData });
}

/** How something is kept and asked for. While another moment is read, the one before stays. */
export function useKept(key: readonly unknown[]) {
  const asOf = useAsOf();
  return {
    asOf,
    kept: { queryKey: keyAt(key, asOf), placeholderData: asOf && keepPreviousData },
  };
}

/** A list, page by page. */
export function useRows<Row>(
  key: readonly unknown[],
  load: (page: { after?: string } & Partial<AsOf>, signal: AbortSignal) => Promise<Page<Row>>,
  enabled = true,
) {
  const { asOf, kept } = useKept(key);
  const pages = pagesOf<Row>(kept.queryKey, (after, signal) => load({ after, ...asOf }, signal));
  return useInfiniteQuery({ ...pages, ...kept, enabled });
}

/** The pages of a list, one behind the other. */
export function pagesOf<Row>(
  queryKey: readonly unknown[],
  load: (after: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.page.has_more ? (last.page.next ?? undefined) : undefined),
    staleTime: 30_000,
  });
}

export function rowsOf<Row>(pages: Rows<Row> | undefined): Row[] {
  return pages?.pages.flatMap((page) => page.data) ?? [];
}

/** Puts a row before the others, as the service will once it has it. */
export function before<Row>(pages: Rows<Row> | undefined, row: Row): Rows<Row> | undefined {
  const [first, ...rest] = pages?.pages ?? [];
  if (pages === undefined || first === undefined) return pages;
  return { ...pages, pages: [{ ...first, data: [row, ...first.data] }, ...rest] };
}

/** Changes the rows of a list that a test picks. */
export function within<Row>(
  pages: Rows<Row> | undefined,
  change: (rows: Row[]) => Row[],
): Rows<Row> | undefined {
  if (pages === undefined) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, data: change(page.data) })),
  };
}

/** Changes a customer wherever the page shows them: on the 360 and in every list. */
export function changeCustomer(
  client: QueryClient,
  id: string,
  change: (customer: Customer) => Customer,
) {
  client.setQueryData<Customer>(keys.part(id, "record"), (old) => old && change(old));
  client.setQueriesData<Rows<Customer>>({ queryKey: keys.directory }, (pages) =>
    within(pages, (rows) => rows.map((row) => (row.id === id ? { ...row, ...change(row) } : row))),
  );
}

/** Takes a customer's row in every list from the record that was just read. */
export function refreshRow(client: QueryClient, fresh: Customer) {
  const { counters: _counters, finance: _finance, risk: _risk, ...row } = fresh;
  client.setQueriesData<Rows<Customer>>({ queryKey: keys.directory }, (pages) =>
    within(pages, (rows) => rows.map((old) => (old.id === fresh.id ? { ...old, ...row } : old))),
  );
}
