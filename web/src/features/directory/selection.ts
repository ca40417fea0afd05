import { useState } from "react";

/** The customers that something is to be done to: one by one, or all that match the list. */
export type Selection = {
  ids: ReadonlySet<string>;
  isAll: boolean;
  /** From here a range begins. */
  anchor?: string;
};

export const NOBODY: Selection = { ids: new Set(), isAll: false };

export function of(ids: string[]): Selection {
  return { ids: new Set(ids), isAll: false };
}

/** One more, or one less. Of all that match those that are loaded stay. */
export function toggle(selection: Selection, id: string, rows: string[]): Selection {
  const ids = new Set(selection.isAll ? rows : selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, isAll: false, anchor: id };
}

/** All between the last one that was chosen and this one. */
export function extend(selection: Selection, id: string, rows: string[]): Selection {
  const from = rows.indexOf(selection.anchor ?? id);
  const to = rows.indexOf(id);
  if (from < 0 || to < 0) return toggle(selection, id, rows);
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  const ids = new Set([...(selection.isAll ? rows : selection.ids), ...between]);
  return { ids, isAll: false, anchor: selection.anchor ?? id };
}

export function isChosen(selection: Selection, id: string): boolean {
  return selection.isAll || selection.ids.has(id);
}

export function isNobody(selection: Selection): boolean {
  return !selection.isAll && selection.ids.size === 0;
}

/** What is chosen as long as the list is narrowed to the same. */
export function useSelection(list: string) {
  const [kept, keep] = useState({ list, selection: NOBODY });
  const selection = kept.list === list ? kept.selection : NOBODY;
  return [selection, (next: Selection) => keep({ list, selection: next })] as const;
}
