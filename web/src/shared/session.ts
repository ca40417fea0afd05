import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { api, read } from "./api";

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

export function useMay() {
  const { permissions } = useMe();
  return (permission: string) => permissions.includes(permission);
}
