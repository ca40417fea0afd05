import { QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useLayoutEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/history";
import { useDebouncedCallback } from "@mantine/hooks";
import { Changed } from "@/features/history/changed";
import { interactionsAfter, notesAfter, openTasksAfter, until } from "@/features/history/fold";
import {
  type Clock,
  type Entry,
  inOrder,
  momentAt,
  momentsOf,
  timeOf,
} from "@/features/history/moments";
import { PastBar } from "@/features/history/past-bar";
import { useCustomerAt, useEntries, useTaskEvents } from "@/features/history/queries";
import { type Customer, keys, useCustomer } from "@/shared/customer";
import { type Moment, Past } from "@/shared/moment";
import { useSeesAll } from "@/shared/session";
import { Failure, Waiting } from "@/shared/states";

const NONE: Entry[] = [];

/**
 * The 360 as it was: the same panels over a cache of their own, which holds what the events up to
 * the moment come to and reads nothing of today.
 */
export function PastCustomer(props: {
  customer: string;
  moment: Moment;
  onMoment: (moment: Moment, replace: boolean) => void;
  onLeave: () => void;
  children: (bar: ReactNode) => ReactNode;
}) {
  const { customer: id, moment, onMoment } = props;
  const { t } = useTranslation("history");
  const clock: Clock = moment.time ?? "effective";
  const entries = useEntries(id);
  const tasks = useTaskEvents(id);
  const all = entries.data ?? NONE;
  const moments = momentsOf(all, clock);
  const [moving, setMoving] = useState<number>();
  const at = moving ?? momentAt(moments, moment.as_of ?? "");
  const record = useCustomerAt(id, moments[at], clock);
  const before = useCustomerAt(id, moments[at - 1], clock);
  const latest = useCustomer(id).data;
  const seesAll = useSeesAll();
  const settle = useDebouncedCallback((to: number) => {
    setMoving(undefined);
    onMoment({ ...moment, as_of: moments[to] }, true);
  }, 150);
  const shown = moments[at] ?? "";
  const past = usePast(id, {
    record: record.isPlaceholderData || tasks.data === undefined ? undefined : record.data,
    entries: until(inOrder(all, clock), shown, clock),
    tasks: openTasksAfter(tasks.data ?? [], shown, clock),
    version: `${clock} ${shown} ${tasks.dataUpdatedAt} ${entries.dataUpdatedAt}`,
  });
  const failed = [entries, tasks, record].find(({ isError }) => isError);
  const within = (bar: ReactNode) => (
    <QueryClientProvider client={past.client}>
      <Past value>{props.children(bar)}</Past>
    </QueryClientProvider>
  );
  if (failed?.error) return within(<Failure error={failed.error} retry={() => failed.refetch()} />);
  if (!past.isFilled || record.data === undefined) return within(<Waiting rows={3} />);
  const of = { at: at + 1, of: moments.length };
  const bar = (
    <PastBar
      moments={moments}
      at={at}
      clock={clock}
      place={
        seesAll
          ? t("place", { ...of, version: record.data.version, latest: latest?.version })
          : t("placeOnly", of)
      }
      onMove={(to) => {
        setMoving(to);
        settle(to);
      }}
      onClock={(next) => {
        const same = all.find((entry) => timeOf(entry, clock) === shown);
        const as_of = same ? timeOf(same, next) : shown;
        onMoment({ as_of, time: next === "recorded" ? next : undefined }, true);
      }}
      onLeave={props.onLeave}
    >
      {!record.isPlaceholderData && (
        <Changed
          entries={all.filter((entry) => timeOf(entry, clock) === shown)}
          before={at > 0 && !before.isPlaceholderData ? before.data : undefined}
          isFirst={at === 0}
          customer={record.data}
        />
      )}
    </PastBar>
  );
  return within(bar);
}

/**
 * Asks nobody: what is not in it is not shown. Who looks at the past has the rights of today, and
 * why an event came about is the same at any time.
 */
function emptyPast(today: QueryClient): QueryClient {
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  client.setQueryDefaults(["why"], { enabled: true });
  for (const [key, data] of today.getQueriesData({ queryKey: ["me"] })) {
    client.setQueryData(key, data);
  }
  return client;
}

type State = {
  record: Customer | undefined;
  entries: Entry[];
  tasks: unknown[];
  version: string;
};

function usePast(id: string, state: State) {
  const today = useQueryClient();
  const [client] = useState(() => emptyPast(today));
  const [filled, setFilled] = useState<string>();
  const { record, version } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says what the rest is of
  useLayoutEffect(() => {
    if (record === undefined) return;
    const newest = [...state.entries].reverse();
    const interactions = interactionsAfter(state.entries);
    const put = (part: string, data: unknown) => client.setQueryData(keys.part(id, part), data);
    put("record", record);
    put("timeline", pages(newest));
    put("latest-5", { data: newest.slice(0, 5) });
    put("notes", pages(notesAfter(state.entries)));
    put("interactions", pages(interactions));
    put("last-contact", { data: interactions.slice(0, 1) });
    put("open-tasks", { data: state.tasks });
    setFilled(version);
  }, [client, id, record, version]);
  return { client, isFilled: filled !== undefined };
}

function pages(data: unknown[]) {
  const page = { next: null, prev: null, has_more: false };
  return { pages: [{ data, page, position: "0" }], pageParams: [undefined] };
}
