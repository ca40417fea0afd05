import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";
import { api, once, read, type Schema } from "@/shared/api";
import { type Customer, customerQuery, keys, type Page, pagesOf } from "@/shared/customer";
import { type Filters, toQuery } from "./filters";

/** What a row shows; the rest of the record comes when it is opened. */
const FIELDS = [
  "id",
  "type",
  "display_name",
  "lifecycle",
  "status",
  "folder",
  "badges",
  "flag",
  "do_not_work_with",
  "workers",
  "version",
  "last_activity_at",
  "matched",
  "favourite",
  "new_activity",
];
const ROWS = 100;

export function useDirectory(filters: Filters, me: string) {
  const query = toQuery(filters, me);
  const pages = pagesOf<Customer>([...keys.directory, query], async (after, signal) => {
    const count = after === undefined && query.q === undefined ? ("estimated" as const) : undefined;
    const params = { query: { ...query, fields: FIELDS, limit: ROWS, after, count } };
    const page = await read(api.GET("/v1/customers", { params, signal }));
    return page as unknown as Page<Customer>;
  });
  return useInfiniteQuery({ ...pages, placeholderData: keepPreviousData });
}

export function useFolders() {
  return useQuery({
    queryKey: ["folders"],
    queryFn: ({ signal }) => read(api.GET("/v1/folders", { signal })),
    staleTime: 30_000,
    select: (page) => page.data as Schema["Folder"][],
  });
}

/** How many customers one has marked. */
export function useFavourites() {
  return useQuery({
    queryKey: keys.favourites,
    queryFn: ({ signal }) => {
      const filter = { favourite: "true" };
      const query = { filter, fields: ["id"], limit: 1, count: "exact" as const };
      return read(api.GET("/v1/customers", { params: { query }, signal }));
    },
    staleTime: 60_000,
    select: ({ page }) => page.count ?? 0,
  });
}

/** Reads a customer before they are opened: whoever stays on a row is about to. */
export function usePrefetch() {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return {
    start(id: string) {
      timer.current = setTimeout(() => client.prefetchQuery(customerQuery(id)), 60);
    },
    stop() {
      clearTimeout(timer.current);
    },
  };
}

export type NewCustomer = {
  type: "person" | "company";
  first_name?: string;
  last_name?: string;
  company_name?: string;
  emails?: string[];
  phones?: string[];
  folder?: string;
};

export function sendCustomer(body: NewCustomer, key: string) {
  const params = { header: once(key) };
  return api.POST("/v1/customers", { body: body as never, params });
}

/** Who has this e-mail or this number already. */
export function useHolders(kind: "emails" | "phones", text: string) {
  const isWhole = kind === "emails" ? /.@.+\../.test(text) : text.replace(/\D/g, "").length > 6;
  return useQuery({
    queryKey: ["holders", kind, text],
    enabled: isWhole,
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const params = { query: { q: text, limit: 5, fields: ["id", "display_name", kind] } };
      const page = await read(api.GET("/v1/customers", { params, signal }));
      return (page.data as Customer[]).filter((customer) => holds(customer, kind, text));
    },
  });
}

function holds(customer: Customer, kind: "emails" | "phones", text: string): boolean {
  if (kind === "phones") return true;
  const address = text.trim().toLowerCase();
  return (customer.emails ?? []).some((email) => `${email.address}`.toLowerCase() === address);
}
