import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { keys, type Page, useRows } from "@/shared/customer";

export type Quote = Schema["Quote"];
export type Order = Schema["Order"];

const path = (customer: string) => ({ customer_id: customer });

export function useQuotes(customer: string, enabled: boolean) {
  const load = async (page: object, signal: AbortSignal) => {
    const params = { path: path(customer), query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/quotes", { params, signal });
    return (await read(answer)) as Page<Quote>;
  };
  return useRows<Quote>(keys.part(customer, "quotes"), load, enabled);
}

export function useOrders(customer: string) {
  return useRows<Order>(keys.part(customer, "orders"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 100 } };
    const answer = api.GET("/v1/customers/{customer_id}/orders", { params, signal });
    return (await read(answer)) as Page<Order>;
  });
}

export type NewQuote = {
  valid_until: string;
  currency: string;
  lines: { description?: string; quantity: string; unit_price: string }[];
};

export function useDraftQuote(customer: string) {
  return useCommand<NewQuote>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/quotes", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export type Step = "send" | "accept" | "reject";

export function useStepQuote(customer: string) {
  return useCommand<{ quote: string; step: Step }>(customer, {
    send: ({ quote, step }, key) => {
      const params = { path: { quote_id: quote }, header: once(key) };
      return api.POST(`/v1/quotes/{quote_id}/${step}` as "/v1/quotes/{quote_id}/send", {
        body: {},
        params,
      });
    },
  });
}
