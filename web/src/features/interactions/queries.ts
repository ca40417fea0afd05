import { useQueryClient } from "@tanstack/react-query";
import { api, once, read, type Schema, write } from "@/shared/api";
import { useCommand, useKey } from "@/shared/command";
import { before, changeCustomer, keys, type Page, type Rows, useRows } from "@/shared/customer";
import { useMe } from "@/shared/session";

export type Interaction = Schema["Interaction"];
export const TYPES = [
  "call",
  "visit",
  "email",
  "sms",
  "showroom_visit",
  "meeting",
  "demo",
  "follow_up",
  "other",
] as const;
export type Type = (typeof TYPES)[number];

const path = (customer: string) => ({ customer_id: customer });

export function useInteractions(customer: string) {
  return useRows<Interaction>(keys.part(customer, "interactions"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/interactions", { params, signal });
    return (await read(answer)) as Page<Interaction>;
  });
}

export type NewInteraction = { type: Type; note?: string; occurred_at?: string };

export function useLogInteraction(customer: string) {
  const { user } = useMe();
  return useCommand<NewInteraction>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/interactions", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client, { type, note, occurred_at }) => {
      const now = new Date().toISOString();
      const row: Interaction = {
        id: "new",
        type,
        note,
        logged_by: { type: "user", id: user.id, name: user.name },
        occurred_at: occurred_at ?? now,
        recorded_at: now,
      };
      client.setQueryData<Rows<Interaction>>(keys.part(customer, "interactions"), (rows) =>
        before(rows, row),
      );
      changeCustomer(client, customer, (old) => ({
        ...old,
        counters: old.counters && {
          ...old.counters,
          interactions: (old.counters.interactions ?? 0) + 1,
        },
      }));
    },
  });
}

/** The task that follows from an interaction, with that as its cause. */
export function useFollowUp(customer: string) {
  const client = useQueryClient();
  const { user } = useMe();
  const key = useKey();
  return async (task: { title: string; due_on: string; cause?: string }) => {
    const { cause, ...body } = task;
    const header = {
      ...once(key.of(task)),
      ...(cause === undefined ? {} : { "Dossier-Causation-Id": cause }),
    };
    await write(
      api.POST("/v1/customers/{customer_id}/tasks", {
        body: { ...body, assignee: user.id },
        params: { path: path(customer), header },
      }),
    );
    key.done();
    await client.invalidateQueries({ queryKey: keys.customer(customer) });
  };
}
