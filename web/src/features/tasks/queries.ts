import { type QueryClient, useQuery } from "@tanstack/react-query";
import { api, once, read, type Schema } from "@/shared/api";
import { useDeed } from "@/shared/command";
import { keys, type Page, type Rows, useRows, within } from "@/shared/customer";
import { localDay } from "@/shared/format";
import { type AsOf, useNow } from "@/shared/moment";
import type { Show } from "./filters";

export type Task = Schema["Task"];
/** Of whom: of one customer, or of all. */
type Whose = { customer?: string; assignee?: string };

const LISTS = ["tasks"];

function listKey({ customer, assignee }: Whose, show: string) {
  const rest = [show, assignee ?? "all"];
  return customer === undefined ? [...LISTS, ...rest] : [...keys.part(customer, "tasks"), ...rest];
}

function midnight(now: Date): Date {
  return new Date(new Date(now).setHours(0, 0, 0, 0));
}

function dayBefore(now: Date): string {
  const date = midnight(now);
  date.setDate(date.getDate() - 1);
  return localDay(date);
}

/** Tasks that are there before today's are those of which one asks what became of them. */
export function isOlder(task: Task): boolean {
  return task.created_at !== undefined && new Date(task.created_at) < midnight(new Date());
}

export function isOverdue(task: Task, now: Date): boolean {
  return task.state === "open" && task.due_on != null && task.due_on < localDay(now);
}

function filter(show: Show, now: Date): Record<string, string> {
  if (show === "today") return { "created_at][gte": midnight(now).toISOString() };
  if (show === "done") return { state: "done" };
  if (show === "overdue") return { state: "open", "due_on][lte": dayBefore(now) };
  return { state: "open" };
}

type Asked = { after?: string; limit: number } & Partial<AsOf>;

async function load({ customer, ...whose }: Whose, show: Show, page: Asked, now: Date) {
  const query = { ...page, filter: { ...whose, ...filter(show, now) } };
  const path = { customer_id: customer ?? "" };
  const answer =
    customer === undefined
      ? api.GET("/v1/tasks", { params: { query } })
      : api.GET("/v1/customers/{customer_id}/tasks", { params: { path, query } });
  return (await read(answer)) as Page<Task>;
}

export function useTasks(whose: Whose, show: Show) {
  const now = useNow();
  return useRows<Task>(listKey(whose, show), (page) =>
    load(whose, show, { ...page, limit: 100 }, now),
  );
}

const MOST = 200;

/** How many open tasks were there before today, as far as one page tells. */
export function useOlder(whose: Whose, enabled: boolean) {
  return useQuery({
    queryKey: listKey(whose, "older-count"),
    enabled,
    staleTime: 30_000,
    queryFn: () => load(whose, "open", { limit: MOST }, new Date()),
    select: ({ data, page }) => ({ count: data.filter(isOlder).length, more: page.has_more }),
  });
}

export function useMembers(enabled: boolean) {
  return useQuery({
    queryKey: ["users"],
    enabled,
    queryFn: ({ signal }) => read(api.GET("/v1/users", { signal })),
    staleTime: 60_000,
    select: (page) => (page.data as Schema["Member"][]).filter((member) => !member.blocked),
  });
}

export function useFound(text: string) {
  return useQuery({
    queryKey: ["found", text],
    enabled: text !== "",
    queryFn: async ({ signal }) => {
      const params = { query: { q: text, limit: 8, fields: ["id", "display_name", "emails"] } };
      return (await read(api.GET("/v1/customers", { params, signal }))).data;
    },
  });
}

/** Every list of tasks, and what a customer's record says of theirs. */
const ABOUT = [LISTS, ["customers"]];

function changeTask(client: QueryClient, id: string, change: (task: Task) => Task) {
  client.setQueriesData<Rows<Task>>(
    { predicate: ({ queryKey }) => queryKey[0] === "tasks" || queryKey[2] === "tasks" },
    (pages) =>
      pages?.pages &&
      within(pages, (rows) => rows.map((row) => (row.id === id ? change(row) : row))),
  );
}

export function useSetDone(said: (done: boolean) => string) {
  return useDeed<{ task: string; done: boolean }>(ABOUT, {
    said: ({ done }) => said(done),
    send: ({ task, done }, key) => {
      const options = { body: {}, params: { path: { task_id: task }, header: once(key) } };
      return done
        ? api.POST("/v1/tasks/{task_id}/complete", options)
        : api.POST("/v1/tasks/{task_id}/reopen", options);
    },
    foresee: (client, { task, done }) =>
      changeTask(client, task, (old) => ({ ...old, state: done ? "done" : "open" })),
  });
}

export type Content = {
  title: string;
  due_on: string | null;
  assignee: string | null;
  note: string | null;
};

export function useAddTask() {
  return useDeed<Content & { customer: string | null }>(ABOUT, {
    send: (body, key) => api.POST("/v1/tasks", { body, params: { header: once(key) } }),
  });
}

export function useEditTask(task: string) {
  return useDeed<Content>(ABOUT, {
    send: (body, key) =>
      api.PATCH("/v1/tasks/{task_id}", {
        body,
        params: { path: { task_id: task }, header: once(key) },
      }),
  });
}
