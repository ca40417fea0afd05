import { type QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, once, read, type Schema } from "@/shared/api";
import { useDeed } from "@/shared/command";
import { keys, type Page, pagesOf, type Rows, within } from "@/shared/customer";
import { localDay } from "@/shared/format";
import type { Show } from "./filters";

export type Task = Schema["Task"];
/** Of whom: of one customer, or of all. */
type Whose = { customer?: string; assignee?: string };

const LISTS = ["tasks"];

function listKey({ customer, assignee }: Whose, show: string) {
  const rest = [show, assignee ?? "all"];
  return customer === undefined ? [...LISTS, ...rest] : [...keys.part(customer, "tasks"), ...rest];
}

function midnight(): Date {
  return new Date(new Date().setHours(0, 0, 0, 0));
}

function yesterday(): string {
  const date = midnight();
  date.setDate(date.getDate() - 1);
  return localDay(date);
}

/** Tasks that are there before today's are those of which one asks what became of them. */
export function isOlder(task: Task): boolean {
  return task.created_at !== undefined && new Date(task.created_at) < midnight();
}

export function isOverdue(task: Task): boolean {
  return task.state === "open" && task.due_on != null && task.due_on < localDay(new Date());
}

function filter(show: Show): Record<string, string> {
  if (show === "today") return { "created_at][gte": midnight().toISOString() };
  if (show === "done") return { state: "done" };
  if (show === "overdue") return { state: "open", "due_on][lte": yesterday() };
  return { state: "open" };
}

async function load(whose: Whose, show: Show, page: { after?: string; limit: number }) {
  const query = { ...page, filter: { ...whose, ...filter(show) } };
  return (await read(api.GET("/v1/tasks", { params: { query } }))) as Page<Task>;
}

export function useTasks(whose: Whose, show: Show) {
  return useInfiniteQuery(
    pagesOf<Task>(listKey(whose, show), (after) => load(whose, show, { after, limit: 100 })),
  );
}

const MOST = 200;

/** How many open tasks were there before today, as far as one page tells. */
export function useOlder(whose: Whose, enabled: boolean) {
  return useQuery({
    queryKey: listKey(whose, "older-count"),
    enabled,
    staleTime: 30_000,
    queryFn: () => load(whose, "open", { limit: MOST }),
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
