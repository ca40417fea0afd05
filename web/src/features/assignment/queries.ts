import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { changeCustomer } from "@/shared/customer";

const path = (customer: string) => ({ customer_id: customer });
type Named = { id: string; name: string };

export function useMembers(enabled: boolean) {
  return useQuery({
    queryKey: ["users"],
    enabled,
    queryFn: ({ signal }) => read(api.GET("/v1/users", { signal })),
    staleTime: 60_000,
    select: (page) => (page.data as Schema["Member"][]).filter((member) => !member.blocked),
  });
}

export function useAssign(customer: string) {
  const { t } = useTranslation();
  return useCommand<Named>(customer, {
    send: ({ id }, key) =>
      api.POST("/v1/customers/{customer_id}/workers", {
        body: { user: id },
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client, worker) =>
      changeCustomer(client, customer, (old) => ({
        ...old,
        workers: [...(old.workers ?? []), worker],
      })),
    said: ({ name }) => t("undo.assigned", { name }),
  });
}

export function useUnassign(customer: string) {
  const { t } = useTranslation();
  return useCommand<Named>(customer, {
    send: ({ id }, key) =>
      api.DELETE("/v1/customers/{customer_id}/workers/{user}", {
        params: { path: { ...path(customer), user: id }, header: once(key) },
      }),
    foresee: (client, worker) =>
      changeCustomer(client, customer, (old) => ({
        ...old,
        workers: old.workers?.filter(({ id }) => id !== worker.id),
      })),
    said: ({ name }) => t("undo.unassigned", { name }),
  });
}

export function useFolders() {
  return useQuery({
    queryKey: ["folders"],
    queryFn: ({ signal }) => read(api.GET("/v1/folders", { signal })),
    staleTime: 30_000,
    select: (page) => page.data as Schema["Folder"][],
  });
}

/** The status may change with the folder: only the service knows to what. */
export function useMoveFolder(customer: string) {
  const { t } = useTranslation();
  return useCommand<Named>(customer, {
    send: ({ id }, key) =>
      api.POST("/v1/customers/{customer_id}/folder", {
        body: { folder: id },
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client, folder) => changeCustomer(client, customer, (old) => ({ ...old, folder })),
    said: ({ name }) => t("undo.folder", { name }),
  });
}
