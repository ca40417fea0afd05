import { useLocalStorage } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, read, type Schema } from "@/shared/api";
import { type Page, pagesOf, rowsOf } from "@/shared/customer";
import { useMe } from "@/shared/session";

export type Notification = Schema["Notification"];

export function useNotifications() {
  return useInfiniteQuery(
    pagesOf<Notification>(["notifications"], async (after, signal) => {
      const params = { query: { after, limit: 20 } };
      return (await read(api.GET("/v1/notifications", { params, signal }))) as Page<Notification>;
    }),
  );
}

/** What came since one last looked in this browser; the service does not keep that. */
export function useUnseen() {
  const { user, organisation } = useMe();
  const [seen, setSeen] = useLocalStorage({
    key: `dossier-notified-${organisation.id}-${user.id}`,
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const rows = rowsOf(useNotifications().data);
  const count = rows.filter(({ sent_at }) => sent_at > seen).length;
  return { count, look: () => setSeen(rows[0]?.sent_at ?? seen) };
}
