import { useTranslation } from "react-i18next";
import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import {
  before,
  changeCustomer,
  keys,
  type Page,
  type Rows,
  useRows,
  within,
} from "@/shared/customer";
import { useMe } from "@/shared/session";

export type Note = Schema["Note"];
export type Scope = Schema["NoteScope"];

/** What the id of a note begins with that is being saved. */
export const NEW = "new ";

const path = (customer: string) => ({ customer_id: customer });

export function useNotes(customer: string) {
  return useRows<Note>(keys.part(customer, "notes"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/notes", { params, signal });
    return (await read(answer)) as Page<Note>;
  });
}

export function useAddNote(customer: string) {
  const { user } = useMe();
  return useCommand<{ text: string; scope: Scope }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/notes", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client, { text, scope }) => {
      const row: Note = {
        id: `${NEW}${crypto.randomUUID()}`,
        text,
        scope,
        pinned: false,
        written_by: { type: "user", id: user.id, name: user.name },
        written_at: new Date().toISOString(),
      };
      client.setQueryData<Rows<Note>>(keys.part(customer, "notes"), (rows) => before(rows, row));
      changeCustomer(client, customer, (old) => ({
        ...old,
        counters: old.counters && { ...old.counters, notes: (old.counters.notes ?? 0) + 1 },
      }));
    },
  });
}

function change(customer: string, note: string, to: Partial<Note>) {
  return (client: import("@tanstack/react-query").QueryClient) =>
    client.setQueryData<Rows<Note>>(keys.part(customer, "notes"), (rows) =>
      within(rows, (data) => data.map((row) => (row.id === note ? { ...row, ...to } : row))),
    );
}

export function useEditNote(customer: string) {
  return useCommand<{ note: string; text: string }>(customer, {
    send: ({ note, text }, key) =>
      api.PATCH("/v1/customers/{customer_id}/notes/{note_id}", {
        body: { text },
        params: { path: { ...path(customer), note_id: note }, header: once(key) },
      }),
    foresee: (client, { note, text }) => change(customer, note, { text })(client),
  });
}

/** Not shown before it is done: what is deleted does not come back. */
export function useDeleteNote(customer: string) {
  const { t } = useTranslation();
  return useCommand<{ note: string }>(customer, {
    send: ({ note }, key) =>
      api.DELETE("/v1/customers/{customer_id}/notes/{note_id}", {
        params: { path: { ...path(customer), note_id: note }, header: once(key) },
      }),
    said: () => t("undo.noteDeleted"),
  });
}

export function usePinNote(customer: string) {
  return useCommand<{ note: string; pinned: boolean }>(customer, {
    send: ({ note, pinned }, key) => {
      const params = { path: { ...path(customer), note_id: note }, header: once(key) };
      const address = "/v1/customers/{customer_id}/notes/{note_id}/pin";
      return pinned ? api.POST(address, { body: {}, params }) : api.DELETE(address, { params });
    },
    foresee: (client, { note, pinned }) => change(customer, note, { pinned })(client),
  });
}
