import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { changeCustomer, keys, useKept } from "@/shared/customer";
import { Unreachable } from "@/shared/problem";
import { asWords } from "@/shared/text";

const path = (customer: string) => ({ customer_id: customer });

export function useFolderOf(folder: string | undefined) {
  return useQuery({
    queryKey: ["folders"],
    queryFn: ({ signal }) => read(api.GET("/v1/folders", { signal })),
    staleTime: 30_000,
    select: (page) => (page.data as Schema["Folder"][]).find(({ id }) => id === folder),
  });
}

export function useChangeStatus(customer: string) {
  const { t } = useTranslation();
  return useCommand<{ status: string }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/status", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client, { status }) =>
      changeCustomer(client, customer, (old) => ({ ...old, status })),
    said: ({ status }) => t("undo.status", { name: asWords(status) }),
  });
}

/** Marks a customer as one's own favourite, or takes the mark off. */
export function useFavourite(customer: string) {
  const client = useQueryClient();
  const show = (favourite: boolean) =>
    changeCustomer(client, customer, (old) => ({ ...old, favourite }));
  return useMutation<unknown, Error, boolean>({
    mutationFn: (favourite) => {
      const params = { path: path(customer) };
      const address = "/v1/customers/{customer_id}/favourite" as const;
      return read(favourite ? api.POST(address, { params }) : api.DELETE(address, { params }));
    },
    retry: (failures, error) => error instanceof Unreachable && failures < 2,
    onMutate: show,
    onError: (_error, favourite) => show(!favourite),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: keys.favourites });
      await client.invalidateQueries({ queryKey: keys.directory, predicate: isOfFavourites });
    },
  });
}

function isOfFavourites({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return (queryKey[1] as { filter?: { favourite?: string } })?.filter?.favourite !== undefined;
}

export function useFlag(customer: string) {
  const { t } = useTranslation();
  return useCommand<{ reason: string }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/flags", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
    said: () => t("undo.flagged"),
  });
}

export function useUnflag(customer: string) {
  const { t } = useTranslation();
  return useCommand<void>(customer, {
    send: (_, key) =>
      api.DELETE("/v1/customers/{customer_id}/flags", {
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client) => changeCustomer(client, customer, (old) => ({ ...old, flag: undefined })),
    said: () => t("undo.unflagged"),
  });
}

export function useDormant(customer: string) {
  const { t } = useTranslation();
  return useCommand<{ reason: string }>(customer, {
    send: ({ reason }, key) =>
      api.POST("/v1/customers/{customer_id}/dormant", {
        body: { reason },
        params: { path: path(customer), header: once(key) },
      }),
    said: () => t("undo.dormant"),
  });
}

export function useReactivate(customer: string) {
  const { t } = useTranslation();
  return useCommand<void>(customer, {
    send: (_, key) =>
      api.POST("/v1/customers/{customer_id}/reactivate", {
        body: {},
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client) =>
      changeCustomer(client, customer, (old) => ({ ...old, lifecycle: "active" })),
    said: () => t("undo.reactivated"),
  });
}

/** Out of the list, for as long as nobody brings the customer back. */
export function useArchive(customer: string) {
  const { t } = useTranslation();
  return useCommand<void>(customer, {
    send: (_, key) =>
      api.POST("/v1/customers/{customer_id}/archive", {
        body: {},
        params: { path: path(customer), header: once(key) },
      }),
    said: () => t("undo.archived"),
  });
}

export function useRestore(customer: string) {
  const { t } = useTranslation();
  return useCommand<void>(customer, {
    send: (_, key) =>
      api.POST("/v1/customers/{customer_id}/restore", {
        body: {},
        params: { path: path(customer), header: once(key) },
      }),
    said: () => t("undo.restored"),
  });
}

/** The latest of what happened, a sentence each. */
export function useLatest(customer: string, limit: number) {
  const { asOf, kept } = useKept(keys.part(customer, `latest-${limit}`));
  return useQuery({
    ...kept,
    queryFn: ({ signal }) => {
      const params = { path: path(customer), query: { ...asOf, limit } };
      return read(api.GET("/v1/customers/{customer_id}/timeline", { params, signal }));
    },
    select: (page) => page.data,
  });
}

export function useLastContact(customer: string) {
  const { asOf, kept } = useKept(keys.part(customer, "last-contact"));
  return useQuery({
    ...kept,
    queryFn: ({ signal }) => {
      const params = { path: path(customer), query: { ...asOf, limit: 1 } };
      return read(api.GET("/v1/customers/{customer_id}/interactions", { params, signal }));
    },
    // Nothing is an answer as well, which stays while another moment is read: undefined is none.
    select: (page) => (page.data[0] ?? null) as Schema["Interaction"] | null,
  });
}

export function useOpenTasks(customer: string) {
  const { asOf, kept } = useKept(keys.part(customer, "open-tasks"));
  return useQuery({
    ...kept,
    queryFn: ({ signal }) => {
      const query = { ...asOf, limit: 5, filter: { state: "open" } };
      const params = { path: path(customer), query };
      return read(api.GET("/v1/customers/{customer_id}/tasks", { params, signal }));
    },
    select: (page) => page.data as Schema["Task"][],
  });
}

export function useCompleteTask(customer: string) {
  return useCommand<{ task: string }>(customer, {
    send: ({ task }, key) =>
      api.POST("/v1/tasks/{task_id}/complete", {
        body: {},
        params: { path: { task_id: task }, header: once(key) },
      }),
  });
}
