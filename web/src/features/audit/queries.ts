import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Done, read, type Schema } from "@/shared/api";
import { refresh } from "@/shared/command";
import { keys, type Page, useRows } from "@/shared/customer";
import { sendUndo } from "@/shared/undo";

const path = (customer: string) => ({ customer_id: customer });

export function useTimeline(customer: string) {
  return useRows<Schema["Entry"]>(keys.part(customer, "timeline"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 200 } };
    const answer = api.GET("/v1/customers/{customer_id}/timeline", { params, signal });
    return (await read(answer)) as Page<Schema["Entry"]>;
  });
}

/** The event that was recorded last: the timeline goes by when things happened. */
export function useLastChange(customer: string) {
  return useQuery({
    queryKey: keys.part(customer, "last-change"),
    queryFn: ({ signal }) => {
      const params = { path: path(customer), query: { limit: 1, order: "desc" as const } };
      return read(api.GET("/v1/customers/{customer_id}/history", { params, signal }));
    },
    select: (page) => page.data[0] as Schema["Event"] | undefined,
  });
}

export type Step = {
  id: string;
  summary: string | null;
  type: string;
  actor: string | null;
  recorded_at: string;
  effects?: Step[];
};
export type Chain = { event: Step; causes: Step[]; effects: Step[]; complete?: boolean };

export function useWhy(event: string) {
  return useQuery({
    queryKey: ["why", event],
    queryFn: async ({ signal }) => {
      const params = { path: { event_id: event }, query: { depth: 8 } };
      return (await read(api.GET("/v1/events/{event_id}/why", { params, signal }))) as Chain;
    },
    staleTime: 10_000,
  });
}

export function useUndoEvent(customer: string) {
  const client = useQueryClient();
  return useMutation<Done, Error, string>({
    mutationFn: sendUndo,
    onSettled: () => refresh(client, customer),
  });
}
