import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, read, type Schema } from "@/shared/api";
import { type Page, pagesOf } from "@/shared/customer";

export type Member = Schema["Member"];
export type Folder = Schema["Folder"];
export type Team = Schema["Team"];
export type Webhook = Schema["Webhook"];
export type Delivery = Schema["Delivery"];
export type Extent = Schema["Extent"];
export type Role = Schema["Role"];
export type RoleRights = Schema["RoleList"]["data"][number];

export const ROLES: Role[] = [
  "owner",
  "admin",
  "manager",
  "executive",
  "support",
  "finance",
  "sales",
  "field",
  "viewer",
];

export function useMembers() {
  return useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => read(api.GET("/v1/users", { signal })),
    select: (page) => page.data as Member[],
  });
}

export function useInvitations(enabled: boolean) {
  return useQuery({
    queryKey: ["invitations"],
    enabled,
    queryFn: ({ signal }) => read(api.GET("/v1/invitations", { signal })),
    select: ({ data }) => data,
  });
}

export function useRoles() {
  return useQuery({
    queryKey: ["roles"],
    queryFn: ({ signal }) => read(api.GET("/v1/roles", { signal })),
    select: ({ data }) => ROLES.flatMap((role) => data.filter((row) => row.role === role)),
  });
}

export function useTeams() {
  return useQuery({
    queryKey: ["teams"],
    queryFn: ({ signal }) => read(api.GET("/v1/teams", { signal })),
    select: (page) => page.data as Team[],
  });
}

export function useFolders() {
  return useQuery({
    queryKey: ["folders"],
    queryFn: ({ signal }) => read(api.GET("/v1/folders", { signal })),
    select: (page) => page.data as Folder[],
  });
}

/** How many customers have a status, for who is about to take it away. */
export function useCountWith(folder: string, status: string | undefined) {
  return useQuery({
    queryKey: ["settings", "count", folder, status],
    enabled: status !== undefined,
    queryFn: async ({ signal }) => {
      const query = { filter: { folder, status }, count: "exact" as const, limit: 1 };
      const page = await read(
        api.GET("/v1/customers", { params: { query: query as object }, signal }),
      );
      return page.page.count ?? 0;
    },
  });
}

export function useTokens() {
  return useQuery({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => read(api.GET("/v1/tokens", { signal })),
    select: ({ data }) => data,
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    queryFn: ({ signal }) => read(api.GET("/v1/webhooks", { signal })),
    select: ({ data }) => data,
  });
}

export function useDeliveries(webhook: string, outcome: string) {
  return useInfiniteQuery(
    pagesOf<Delivery>(["webhooks", webhook, "deliveries", outcome], async (after, signal) => {
      const filter = outcome === "" ? undefined : { outcome };
      const params = { path: { webhook_id: webhook }, query: { after, limit: 25, filter } };
      const address = "/v1/webhooks/{webhook_id}/deliveries";
      return (await read(api.GET(address, { params: params as never, signal }))) as Page<Delivery>;
    }),
  );
}

/** The organisation's settings are what was last said of each. */
export function useOrganisation() {
  return useQuery({
    queryKey: ["settings", "organisation"],
    queryFn: async ({ signal }) => {
      const types = ["organisation.*"];
      const params = { query: { types, order: "desc" as const, limit: 200 } };
      const { data } = await read(api.GET("/v1/events", { params, signal }));
      const said = (type: string) =>
        data.find((event) => event.type === type)?.data as Record<string, unknown> | undefined;
      return {
        zone: said("organisation.time_zone_set"),
        folder: said("organisation.default_folder_set"),
        sender: said("organisation.sender_set"),
      };
    },
  });
}
