import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { use } from "react";
import { api, read } from "./api";
import { Barred } from "./capabilities";
import { useIsPast } from "./moment";

export const meQuery = (organisation?: string) =>
  queryOptions({
    queryKey: ["me", organisation],
    queryFn: ({ signal }) => read(api.GET("/v1/me", { signal })),
    staleTime: 60_000,
  });

/** Who is signed in, and what they may do and see in the organisation of the address. */
export function useMe() {
  const { organisation } = useParams({ strict: false });
  return useSuspenseQuery(meQuery(organisation)).data;
}

/** What one may do, also with the customer of the panel; where the past is shown, that is to read. */
export function useMay() {
  const { permissions } = useMe();
  const isPast = useIsPast();
  const barred = use(Barred);
  return (permission: string) =>
    permissions.includes(permission) &&
    !barred.has(permission) &&
    (!isPast || permission.endsWith(".read"));
}

/** Whether nothing of a customer is hidden from one, so that versions have no gaps. */
export function useSeesAll(): boolean {
  const { note_scopes = [], permissions } = useMe();
  const money = ["risk.read", "finance.read"].every((one) => permissions.includes(one));
  return money && note_scopes.length === 8;
}
