import {
  type QueryClient,
  type QueryKey,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";
import { type Done, write } from "./api";
import { customerQuery, keys, refreshRow } from "./customer";
import { Unreachable } from "./problem";
import { useTell } from "./undo";

/** What is sent again unchanged keeps its key, so that it is done once. */
export function useKey() {
  const last = useRef<{ content: string; key: string }>(undefined);
  return {
    of(content: unknown): string {
      const text = JSON.stringify(content ?? null);
      if (last.current?.content !== text) {
        last.current = { content: text, key: crypto.randomUUID() };
      }
      return last.current.key;
    },
    done() {
      last.current = undefined;
    },
  };
}

type Sent = Parameters<typeof write<Done>>[0];
type Kept = [QueryKey, unknown][];

type Command<Input> = {
  send: (input: Input, key: string) => Sent;
  foresee?: (client: QueryClient, input: Input) => void;
  /** What is said when it is done, beside the way to undo it. */
  said?: (input: Input) => string;
};

/**
 * A command about a customer. What it will come to is shown at once where `foresee` says it, and
 * taken back if the service refuses.
 */
export function useCommand<Input>(customer: string, command: Command<Input>) {
  const about = [keys.customer(customer), keys.directory];
  return useSending(command, about, (client) => refresh(client, customer));
}

/** The same about something else: what lies under these keys is shown at once and read again. */
export function useDeed<Input>(about: QueryKey[], command: Command<Input>) {
  return useSending(command, about, (client) =>
    Promise.all(about.map((queryKey) => client.invalidateQueries({ queryKey }))),
  );
}

function useSending<Input>(
  command: Command<Input>,
  about: QueryKey[],
  settle: (client: QueryClient) => Promise<unknown>,
) {
  const client = useQueryClient();
  const key = useKey();
  const tell = useTell();
  return useMutation<Done, Error, Input, Kept>({
    mutationFn: (input) => write(command.send(input, key.of(input))),
    retry: (failures, error) => error instanceof Unreachable && failures < 2,
    onMutate: async (input) => {
      if (command.foresee === undefined) return [];
      await client.cancelQueries({ queryKey: about[0] });
      const kept = about.flatMap((queryKey) => client.getQueriesData({ queryKey }));
      command.foresee(client, input);
      return kept;
    },
    onError: (_error, _input, kept) => {
      for (const [queryKey, data] of kept ?? []) client.setQueryData(queryKey, data);
    },
    onSuccess: (done, input) => {
      key.done();
      const event = done.changed ? done.events[0]?.id : undefined;
      if (event !== undefined) tell({ event, settle }, command.said?.(input));
    },
    onSettled: () => settle(client),
  });
}

/** Reads a customer again, with all that is open of them, and puts their row right. */
export async function refresh(client: QueryClient, customer: string) {
  await client.invalidateQueries({ queryKey: keys.customer(customer), refetchType: "active" });
  const fresh = client.getQueryState(customerQuery(customer).queryKey);
  if (fresh?.status === "success") {
    refreshRow(client, await client.fetchQuery(customerQuery(customer)));
  }
}
