import {
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, once, read, type Schema } from "@/shared/api";
import { useDeed } from "@/shared/command";
import { type Page, pagesOf } from "@/shared/customer";
import type { Definition, Rule } from "./definition";

export type Field = {
  field: string;
  label: string;
  type: string;
  ops: string[];
  choices: string[];
};

export type StepResult = {
  step: string;
  action: string;
  outcome: Outcome;
  reason?: string;
  took?: string;
};
export type Run = {
  id: string;
  rule: string;
  rule_version: number;
  trigger_type?: string;
  customer?: string | null;
  outcome: Outcome;
  reason?: string | null;
  steps: StepResult[];
  created_at: string;
  finished_at?: string | null;
};

export const OUTCOMES = [
  "done",
  "waiting",
  "queued",
  "skipped",
  "withheld",
  "blocked",
  "failed",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const ABOUT = [["rules"]];

export function useRules(state: "archived" | undefined) {
  return useInfiniteQuery(
    pagesOf<Rule>(["rules", "list", state ?? "used"], async (after, signal) => {
      const query = { after, limit: 100, filter: state && { state } };
      const answer = api.GET("/v1/automation/rules", { params: { query }, signal });
      return (await read(answer)) as Page<Rule>;
    }),
  );
}

export function useRule(id: string) {
  return useQuery({
    queryKey: ["rules", "one", id],
    staleTime: 30_000,
    queryFn: ({ signal }) => {
      const params = { path: { rule_id: id } };
      return read(api.GET("/v1/automation/rules/{rule_id}", { params, signal }));
    },
  });
}

export function useRuns(whose: { rule?: string; outcome?: Outcome }) {
  return useInfiniteQuery({
    ...pagesOf<Run>(
      ["runs", whose.rule ?? "all", whose.outcome ?? "any"],
      async (after, signal) => {
        const query = { after, limit: 50, filter: { ...whose } };
        const answer = api.GET("/v1/automation/runs", { params: { query }, signal });
        return (await read(answer)) as unknown as Page<Run>;
      },
    ),
  });
}

export function useRetry() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ run, from_step }: { run: string; from_step?: string }) => {
      const params = { path: { run_id: run } };
      return read(api.POST("/v1/automation/runs/{run_id}/retry", { body: { from_step }, params }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}

type State = { state: "draft" | "active" };

export function useCreateRule() {
  return useDeed<Definition & State>(ABOUT, {
    send: (body, key) =>
      api.POST("/v1/automation/rules", {
        body: body as unknown as Schema["rule.create"],
        params: { header: once(key) },
      }),
  });
}

export function useChangeRule(rule: string) {
  return useDeed<Definition & State>(ABOUT, {
    send: (body, key) =>
      api.PUT("/v1/automation/rules/{rule_id}", {
        body: body as unknown as Schema["rule.change"],
        params: { path: { rule_id: rule }, header: once(key) },
      }),
  });
}

export type Switch = "activate" | "deactivate" | "archive";

export function useSwitchRule(rule: string) {
  return useDeed<Switch>(ABOUT, {
    send: (step, key) =>
      api.POST(
        `/v1/automation/rules/{rule_id}/${step}` as "/v1/automation/rules/{rule_id}/archive",
        {
          body: {},
          params: { path: { rule_id: rule }, header: once(key) },
        },
      ),
  });
}

/** What a run by hand would come to, and the run itself. */
export function useRunByHand(rule: string, customer: string) {
  const path = { rule_id: rule };
  const preview = useQuery({
    queryKey: ["rules", "preview", rule, customer],
    enabled: rule !== "",
    gcTime: 0,
    queryFn: () => {
      const params = { path, query: { dry_run: true }, header: once(crypto.randomUUID()) };
      return read(api.POST("/v1/automation/rules/{rule_id}/run", { body: { customer }, params }));
    },
    select: (done) => done.would_run as Foreseen | null | undefined,
    retry: false,
  });
  const run = useDeed<void>([["runs"], ["customers", customer]], {
    send: (_, key) =>
      api.POST("/v1/automation/rules/{rule_id}/run", {
        body: { customer },
        params: { path, header: once(key) },
      }),
  });
  return { preview, run };
}

export type Met = {
  field: string;
  op: string;
  value: unknown;
  found: unknown;
  hidden: boolean;
  holds: boolean;
};
export type Foreseen = {
  rule_version: number;
  outcome: Outcome;
  reason: string | null;
  steps: StepResult[];
  conditions: Met[];
};

type Ending = { outcome: Outcome; reason: string | null; steps: StepResult[] };
export type Rehearsed = {
  rule_version: number;
  active_version: number | null;
  customers: number;
  unreadable_customers: number;
  events: number;
  counts: Partial<Record<Outcome, number>>;
  compared: Record<string, number> | null;
  complete: boolean;
  runs: {
    event: string | null;
    event_type: string;
    at: string;
    customer: string;
    outcome: Outcome | null;
    reason: string | null;
    steps: StepResult[];
    compared: string | null;
    active: Ending | null;
  }[];
};

export function useRehearse(rule: string) {
  return useMutation({
    mutationFn: (body: Schema["Rehearsal"]) => {
      const params = { path: { rule_id: rule } };
      return read(api.POST("/v1/automation/rules/{rule_id}/rehearse", { body, params }));
    },
  });
}

const LOOK_MS = 700;

/** A job, looked at again and again until it has ended. */
export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: ["jobs", id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => {
      const params = { path: { job_id: id ?? "" } };
      return read(api.GET("/v1/jobs/{job_id}", { params, signal }));
    },
    refetchInterval: ({ state: { data } }) =>
      data?.state === "done" || data?.state === "failed" ? false : LOOK_MS,
  });
}

/** Events that are about a customer: those a rule can act on. */
const TRIGGERS = /^(?:customer|account|task|order|message)\./;

export function useEventTypes() {
  return useQuery({
    queryKey: ["event-types"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => read(api.GET("/v1/schemas/events", { signal })),
    select: ({ data }) =>
      (data as { type: string }[]).map(({ type }) => type).filter((type) => TRIGGERS.test(type)),
  });
}

/** What conditions on these events can ask for. */
export function useFields(events: string[]): Field[] {
  const lists = useQueries({
    queries: (events.length === 0 ? ["rule_run.came_due"] : events).map((event) => ({
      queryKey: ["fields", event],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const params = { query: { for: `event:${event}` } };
        return (await read(api.GET("/v1/fields", { params, signal }))).data as unknown as Field[];
      },
    })),
  });
  const fields = lists.flatMap(({ data }) => data ?? []);
  return [...new Map(fields.map((field) => [field.field, field])).values()];
}

type Choice = { id: string; name: string };

/** What steps and scopes name: folders, members, webhooks, templates. */
export function useChoices(kind: "folders" | "users" | "webhooks" | "templates") {
  return useQuery({
    queryKey: [kind],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      read(api.GET(`/v1/${kind}` as "/v1/folders", { signal })) as Promise<{ data: unknown[] }>,
    select: ({ data }) =>
      (data as { id: string; name?: unknown; url?: unknown }[]).map(
        ({ id, name, url }): Choice => ({ id, name: `${name ?? url ?? id}` }),
      ),
    retry: false,
  });
}
