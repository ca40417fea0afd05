import { api, type Done, once } from "@/shared/api";
import { useCommand } from "@/shared/command";

/** A link that is shown once; whether it was to be sent, and was. */
export type PortalLink = { url: string; until: string; sent: boolean; asked: boolean };

const path = (customer: string) => ({ customer_id: customer });

export function useOpenPortal(customer: string, onMade: (link: PortalLink) => void) {
  return useCommand<{ send: boolean }>(customer, {
    send: async (body, key) => {
      const answer = await api.POST("/v1/customers/{customer_id}/portal-access", {
        body,
        params: { path: path(customer), header: once(key) },
      });
      const made = answer.data as (Done & Omit<PortalLink, "asked">) | undefined;
      if (made !== undefined) onMade({ ...made, asked: body.send });
      return answer;
    },
  });
}

export function useClosePortal(customer: string) {
  return useCommand<void>(customer, {
    send: (_, key) =>
      api.DELETE("/v1/customers/{customer_id}/portal-access", {
        params: { path: path(customer), header: once(key) },
      }),
  });
}
