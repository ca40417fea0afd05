type Entry = { type: string; version: number };

/** Whether an entry is one of the versions that the customer's own record has. */
export function isOfRecord({ type }: { type: string }): boolean {
  return type.startsWith("customer.");
}

/**
 * The versions of the customer's own record among the entries; orders, money and tasks have records
 * of their own. Of a list that is not whole only what lies between its ends can be missing.
 */
export function gapsOf(entries: Entry[], isWhole: boolean) {
  const versions = new Set(entries.filter(isOfRecord).map(({ version }) => version));
  const latest = Math.max(0, ...versions);
  const first = isWhole ? Math.min(1, latest) : Math.min(latest, ...versions);
  const missing: number[] = [];
  for (let version = first; version < latest; version += 1) {
    if (!versions.has(version)) missing.push(version);
  }
  return { latest, first, count: versions.size, missing };
}
