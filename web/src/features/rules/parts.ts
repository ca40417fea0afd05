export const PARTS = ["does", "change", "runs", "rehearse"] as const;
export type RulePart = (typeof PARTS)[number];

/** Which part of a rule's page is open; what the rule does if not said. */
export function readRulePart(search: Record<string, unknown>): { part?: RulePart } {
  const part = PARTS.find((one) => one === search.part);
  return part === undefined || part === "does" ? {} : { part };
}

export function readArchived(search: Record<string, unknown>): { show?: "archived" } {
  return search.show === "archived" ? { show: "archived" } : {};
}
