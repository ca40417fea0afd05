import type { Schema } from "@/shared/api";
import { type Clock, type Entry, timeOf } from "./moments";

type Note = Schema["Note"];
type Interaction = Schema["Interaction"];
type Task = Schema["Task"];
type Data = Record<string, unknown>;

/** The notes that there were after these events, the newest first. */
export function notesAfter(entries: Entry[]): Note[] {
  const notes = new Map<string, Note>();
  for (const { type, data, actor, occurred_at } of entries) {
    const { note_id, text, to, scope } = data as Data;
    const id = `${note_id}`;
    const note = notes.get(id);
    if (type === "customer.note_added") {
      const written = { written_by: actor, written_at: occurred_at };
      notes.set(id, { id, text, scope: scope as Note["scope"], pinned: false, ...written });
    } else if (type === "customer.note_deleted") notes.delete(id);
    else if (note === undefined) continue;
    else if (type === "customer.note_edited") {
      notes.set(id, { ...note, text: to, edited_at: occurred_at });
    } else if (type === "customer.note_pinned") notes.set(id, { ...note, pinned: true });
    else if (type === "customer.note_unpinned") notes.set(id, { ...note, pinned: false });
  }
  return [...notes.values()].reverse();
}

/** The interactions that had been logged, the newest first. */
export function interactionsAfter(entries: Entry[]): Interaction[] {
  const logged = entries
    .filter(({ type }) => type === "customer.interaction_logged")
    .map(({ data, actor, occurred_at, recorded_at }) => {
      const { interaction_id, type, note } = data as Data;
      const row = { id: interaction_id, type, note, logged_by: actor, occurred_at, recorded_at };
      return row as Interaction;
    });
  return logged.sort((one, other) => (one.occurred_at < other.occurred_at ? 1 : -1));
}

/** The tasks that were open, the most urgent first. */
export function openTasksAfter(events: Schema["Event"][], until: string, clock: Clock): Task[] {
  const tasks = new Map<string, Task>();
  for (const event of events) {
    const at = clock === "effective" ? (event.occurredat ?? event.time) : event.time;
    const id = event.partitionkey;
    if (at > until || id === undefined) continue;
    const task = tasks.get(id);
    if (event.type === "task.added") {
      tasks.set(id, { ...(event.data as Data), id, state: "open", version: 1 } as Task);
    } else if (event.type === "task.deleted") tasks.delete(id);
    else if (task === undefined) continue;
    else if (event.type === "task.completed") tasks.set(id, { ...task, state: "done" });
    else if (event.type === "task.reopened") tasks.set(id, { ...task, state: "open" });
    else if (event.type === "task.edited") {
      tasks.set(id, { ...task, ...((event.data as Data).to as Data) } as Task);
    }
  }
  const due = (task: Task) => task.due_on ?? "9999";
  return [...tasks.values()]
    .filter(({ state }) => state === "open")
    .sort((one, other) => (due(one) < due(other) ? -1 : 1));
}

export function until(entries: Entry[], moment: string, clock: Clock): Entry[] {
  return entries.filter((entry) => timeOf(entry, clock) <= moment);
}
