/** The pages of an organisation: who goes there, and the key that does after "g". */
export const PAGES = [
  {
    page: "customers",
    needs: "customer.list",
    key: "d",
    to: "/organizations/$organisation/customers/{-$customer}/{-$tab}",
  },
  { page: "tasks", needs: "task.read", key: "t", to: "/organizations/$organisation/tasks" },
  { page: "rules", needs: "rule.read", key: "r", to: "/organizations/$organisation/rules" },
  {
    page: "settings",
    needs: "user.read",
    key: "s",
    to: "/organizations/$organisation/settings/{-$section}",
  },
] as const;

export type Page = (typeof PAGES)[number];

export function pagesFor(may: (permission: string) => boolean): Page[] {
  return PAGES.filter(({ needs }) => may(needs));
}
