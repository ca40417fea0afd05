import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { keys, type Page, useRows } from "@/shared/customer";

export type ServiceEntry = Schema["ServiceEntry"];
export const KINDS = ["delivery", "installation", "service_case"] as const;
export type Kind = (typeof KINDS)[number];

const path = (customer: string) => ({ customer_id: customer });

export function useServiceEntries(customer: string) {
  return useRows<ServiceEntry>(keys.part(customer, "service-entries"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/service-entries", { params, signal });
    return (await read(answer)) as Page<ServiceEntry>;
  });
}

export function useAddEntry(customer: string) {
  return useCommand<{ kind: Kind; title: string; scheduled_for: string }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/service-entries", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export type Step = "complete" | "cancel" | "reopen";

export function useStepEntry(customer: string) {
  return useCommand<{ entry: string; step: Step }>(customer, {
    send: ({ entry, step }, key) =>
      api.POST(
        `/v1/service-entries/{entry_id}/${step}` as "/v1/service-entries/{entry_id}/complete",
        { body: {}, params: { path: { entry_id: entry }, header: once(key) } },
      ),
  });
}
