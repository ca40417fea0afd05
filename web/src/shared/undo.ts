import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, type Done, once, write } from "./api";
import { say } from "./toast";

/** A change that was made here, by the first event of it. */
export type Change = { event: string; settle: (client: QueryClient) => Promise<unknown> };

/** One's own changes since the page was opened, the last one last. */
const changes: Change[] = [];
const MOST = 100;

export function sendUndo(event: string): Promise<Done> {
  const params = { path: { event_id: event }, header: once(crypto.randomUUID()) };
  return write(api.POST("/v1/events/{event_id}/undo", { params }));
}

/** Keeps a change to be undone, and says it where it has words. */
export function useTell() {
  const { t } = useTranslation();
  const undo = useUndo();
  return (change: Change, said: string | undefined) => {
    changes.push(change);
    changes.splice(0, changes.length - MOST);
    if (said !== undefined) say(said, { label: t("undo.undo"), run: () => void undo(change) });
  };
}

/** Takes a change back; that can be taken back as well. */
export function useUndo() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const turn = async (change: Change, isRedo: boolean): Promise<void> => {
    const place = changes.indexOf(change);
    if (place >= 0) changes.splice(place, 1);
    try {
      const done = await sendUndo(change.event);
      const event = done.events[0]?.id;
      if (event === undefined) return say(t("undo.nothing"));
      const back = { event, settle: change.settle };
      if (isRedo) changes.push(back);
      say(t(isRedo ? "undo.redone" : "undo.undone"), {
        label: t(isRedo ? "undo.undo" : "undo.redo"),
        run: () => void turn(back, !isRedo),
      });
    } catch (error) {
      say(t("undo.notUndone", { reason: error instanceof Error ? error.message : "" }));
    }
    await change.settle(client);
  };
  return (change: Change) => turn(change, false);
}

/** Takes back what was done last. */
export function useUndoLast() {
  const { t } = useTranslation();
  const undo = useUndo();
  return () => {
    const last = changes.at(-1);
    if (last === undefined) say(t("undo.none"));
    else void undo(last);
  };
}
