const KINDS = [
  ["notes", /^customer\.note_added$/],
  ["interactions", /^customer\.interaction_logged$/],
  ["tasks", /^task\./],
  ["messages", /^message\./],
  ["sales", /^(?:quote|order)\./],
  ["changes", /./],
] as const;

type Kind = (typeof KINDS)[number][0];

/** Events by what people call them, in a fixed order; what has no word of its own is a change. */
export function counted(byType: Record<string, number>): [Kind, number][] {
  const counts = new Map<Kind, number>();
  for (const [type, count] of Object.entries(byType)) {
    const [kind] = KINDS.find(([, names]) => names.test(type)) ?? KINDS[5];
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return KINDS.map(([kind]) => [kind, counts.get(kind) ?? 0] as [Kind, number]).filter(
    ([, count]) => count > 0,
  );
}
