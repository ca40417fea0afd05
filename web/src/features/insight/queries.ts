import { useQuery } from "@tanstack/react-query";
import { api, read, type Schema } from "@/shared/api";
import { keys, type Page, useKept, useRows } from "@/shared/customer";
import type { Step } from "./periods";

export type Insight = Schema["Insight"];
export type Value = Schema["LifetimeValue"];
export type ValueDocument = Schema["ValueDocument"];
export type Flag = Schema["RiskFlagHistory"];

const FITTING_MS = 3_000;

/** While the forecast is being worked out it is asked for again. */
export function useInsight(customer: string) {
  const { asOf, kept } = useKept(keys.part(customer, "insight"));
  return useQuery({
    ...kept,
    queryFn: ({ signal }) => {
      const params = { path: { customer_id: customer }, query: asOf };
      return read(api.GET("/v1/customers/{customer_id}/insight", { params, signal }));
    },
    staleTime: 30_000,
    refetchInterval: ({ state }) =>
      state.data?.repurchase?.state === "fitting" ? FITTING_MS : false,
  });
}

export function useValueDocuments(customer: string, currency: string) {
  return useRows<ValueDocument>(keys.part(customer, `value-${currency}`), async (page, signal) => {
    const query = { ...page, limit: 50, filter: { currency } };
    const params = { path: { customer_id: customer }, query };
    const path = "/v1/customers/{customer_id}/insight/documents";
    return (await read(api.GET(path, { params, signal }))) as Page<ValueDocument>;
  });
}

export function useRiskReport(by: Step) {
  return useQuery({
    queryKey: ["risk-report", by],
    queryFn: ({ signal }) =>
      read(api.GET("/v1/reports/risk-flags", { params: { query: { by } }, signal })),
    placeholderData: (before) => before,
  });
}
