import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { changeCustomer } from "@/shared/customer";

const path = (customer: string) => ({ customer_id: customer });
const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

export function useAddTag(customer: string) {
  const { t } = useTranslation();
  return useCommand<{ tag: string }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/tags", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
    foresee: (client, { tag }) =>
      changeCustomer(client, customer, (old) => ({
        ...old,
        tags: old.tags?.some((other) => same(other, tag)) ? old.tags : [...(old.tags ?? []), tag],
        badges: same(tag, "vip")
          ? [...new Set([...(old.badges ?? []), "vip" as const])]
          : old.badges,
      })),
    said: ({ tag }) => t("undo.tagged", { name: tag }),
  });
}

export function useRemoveTag(customer: string) {
  const { t } = useTranslation();
  return useCommand<{ tag: string }>(customer, {
    send: ({ tag }, key) =>
      api.DELETE("/v1/customers/{customer_id}/tags/{tag}", {
        params: { path: { ...path(customer), tag }, header: once(key) },
      }),
    foresee: (client, { tag }) =>
      changeCustomer(client, customer, (old) => ({
        ...old,
        tags: old.tags?.filter((other) => !same(other, tag)),
        badges: same(tag, "vip") ? old.badges?.filter((badge) => badge !== "vip") : old.badges,
      })),
    said: ({ tag }) => t("undo.untagged", { name: tag }),
  });
}
