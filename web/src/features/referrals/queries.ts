import { useQuery } from "@tanstack/react-query";
import { api, once, read } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { type Customer, keys, useKept } from "@/shared/customer";

const path = (customer: string) => ({ customer_id: customer });

export function useReferrals(customer: string) {
  const { asOf, kept } = useKept(keys.part(customer, "referrals"));
  return useQuery({
    ...kept,
    queryFn: ({ signal }) => {
      const params = { path: path(customer), query: asOf };
      return read(api.GET("/v1/customers/{customer_id}/referrals", { params, signal }));
    },
    staleTime: 30_000,
  });
}

export function useSetReferrer(customer: string) {
  return useCommand<{ referrer: string }>(customer, {
    send: ({ referrer }, key) =>
      api.PUT("/v1/customers/{customer_id}/referrer", {
        body: { customer: referrer },
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export function useRemoveReferrer(customer: string) {
  return useCommand<void>(customer, {
    send: (_, key) =>
      api.DELETE("/v1/customers/{customer_id}/referrer", {
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export function useFound(text: string) {
  return useQuery({
    queryKey: ["found", text],
    enabled: text !== "",
    queryFn: async ({ signal }) => {
      const params = { query: { q: text, limit: 8, fields: ["id", "display_name", "emails"] } };
      return (await read(api.GET("/v1/customers", { params, signal }))).data as Customer[];
    },
  });
}
