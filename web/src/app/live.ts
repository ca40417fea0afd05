import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, useEffect, useState } from "react";
import { organisationHeader } from "@/shared/api";
import { refresh } from "@/shared/command";
import { customerQuery, keys, type Rows } from "@/shared/customer";
import { type Frame, follow } from "./event-stream";

export type LiveState = "live" | "waiting" | "lost";
export const LiveContext = createContext<LiveState>("waiting");

/** What others do shows without a reload: what an event is about is read again. */
export function useLive(organisation: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("waiting");
  useEffect(() => {
    const stop = new AbortController();
    const changes = gather(client);
    let breaking: ReturnType<typeof setTimeout> | undefined;
    const onState = (isOpen: boolean) => {
      if (!isOpen) {
        setState((now) => (now === "live" ? "waiting" : now));
        breaking ??= setTimeout(() => setState("lost"), LOST_MS);
        return;
      }
      // What could not be read meanwhile is read now.
      if (breaking !== undefined) void client.invalidateQueries();
      clearTimeout(breaking);
      breaking = undefined;
      setState("live");
    };
    void follow("/v1/events/stream", {
      headers: () => ({ ...organisationHeader(), "Dossier-Organization": organisation }),
      onFrame: changes.take,
      onState,
      // Whether one is still signed in shows by who one is.
      onRefused: () => void client.invalidateQueries({ queryKey: ["me"] }),
      signal: stop.signal,
    });
    return () => {
      stop.abort();
      clearTimeout(breaking);
      changes.stop();
    };
  }, [client, organisation]);
  return state;
}

/** A break as short as this is nobody's concern. */
const LOST_MS = 3000;
const PAUSE_MS = 200;
/** What is read again, by the first word of an event's type. */
const LISTS = new Map([
  ["task", "tasks"],
  ["notification", "notifications"],
  ["rule", "rules"],
  ["rule_run", "runs"],
]);
/** Of so many customers at once the lists are read again, not each by itself. */
const MANY = 20;

/** Events come in bursts: what they are about is gathered for a moment and read once. */
function gather(client: QueryClient) {
  const changed = new Set<string>();
  const stale = new Set<string>();
  let lists = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = () => {
    timer = undefined;
    const customers = [...changed];
    changed.clear();
    if (lists || customers.length > MANY) {
      lists = false;
      void client.invalidateQueries({ queryKey: keys.directory });
      void client.invalidateQueries({ queryKey: ["folders"] });
    }
    for (const list of stale) void client.invalidateQueries({ queryKey: [list] });
    stale.clear();
    for (const customer of customers.slice(0, MANY)) void renew(client, customer);
  };
  return {
    take({ event, data }: Frame) {
      if (event === "dossier.reset" || event === "dossier.permissions_changed") {
        // What is not on the screen is not kept either: the rights may have been taken away.
        client.removeQueries({ type: "inactive" });
        void client.invalidateQueries();
        return;
      }
      if (data === "" || event?.startsWith("dossier.")) return;
      const { subject, type } = JSON.parse(data) as { subject?: string; type: string };
      const customer = subject?.match(/^customers\/(.+)$/)?.[1];
      if (customer !== undefined) changed.add(customer);
      if (/^(?:customer\.(?:created|folder_moved|archived|restored|erased)|folder\.)/.test(type)) {
        lists = true;
      }
      const list = LISTS.get(type.split(".")[0] ?? "");
      if (list !== undefined) stale.add(list);
      if (type.startsWith("role.") || type.startsWith("member.")) {
        void client.invalidateQueries({ queryKey: ["me"] });
      }
      timer ??= setTimeout(read, PAUSE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Reads a customer again where the page shows them. */
async function renew(client: QueryClient, customer: string) {
  const isOpen = client.getQueryState(customerQuery(customer).queryKey) !== undefined;
  if (isOpen) return refresh(client, customer);
  const isListed = client
    .getQueriesData<Rows<{ id: string }>>({ queryKey: keys.directory })
    .some(([, pages]) => pages?.pages.some(({ data }) => data.some(({ id }) => id === customer)));
  if (!isListed) return;
  await client.fetchQuery({ ...customerQuery(customer), staleTime: 0 }).catch(() => undefined);
  await refresh(client, customer);
}
