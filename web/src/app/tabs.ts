/** The tabs of the 360 in their order, and what one must be allowed to do to see them. */
export const TABS = [
  { tab: "overview", needs: "customer.read" },
  { tab: "interactions", needs: "customer.read" },
  { tab: "notes", needs: "note.read" },
  { tab: "quotes", needs: "order.read" },
  { tab: "tasks", needs: "task.read" },
  { tab: "finance", needs: "finance.read" },
  { tab: "service", needs: "service.read" },
  { tab: "referrals", needs: "customer.read" },
  { tab: "insight", needs: "insight.read" },
  { tab: "files", needs: "file.read" },
  { tab: "audit", needs: "event.read" },
] as const;

export type Tab = (typeof TABS)[number]["tab"];

/** Whose work is money begins with it. */
export function tabsFor(may: (permission: string) => boolean, roles: string[]): Tab[] {
  const seen: Tab[] = TABS.filter(({ needs }) => may(needs)).map(({ tab }) => tab);
  const isFinance = roles.length === 1 && roles[0] === "finance" && seen.includes("finance");
  return isFinance ? ["finance", ...seen.filter((tab) => tab !== "finance")] : seen;
}

/** The first nine have their number, and the last one 0. */
export function keyOf(at: number, count: number): string | undefined {
  if (at < 9) return `${at + 1}`;
  return at === count - 1 ? "0" : undefined;
}

export function asTab(text: string | undefined, tabs: Tab[]): Tab | undefined {
  return text === undefined ? tabs[0] : tabs.find((tab) => tab === text);
}
