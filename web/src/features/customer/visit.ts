import { useDocumentVisibility } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, read } from "@/shared/api";
import { changeCustomer } from "@/shared/customer";
import { useIsPast } from "@/shared/moment";

/** Who goes through the list with a key held down has not looked at everybody. */
const GLANCE_MS = 400;

/** Who has a customer before their eyes has seen what is new, also what comes while they look. */
export function useLook(customer: string, news: number | undefined) {
  const client = useQueryClient();
  const isPast = useIsPast();
  const isVisible = useDocumentVisibility() === "visible";
  const hasLooked = useRef(false);
  useEffect(() => {
    if (news === undefined || isPast || !isVisible || (news === 0 && hasLooked.current)) return;
    const look = async () => {
      const params = { path: { customer_id: customer } };
      await read(api.POST("/v1/customers/{customer_id}/looks", { params }));
      hasLooked.current = true;
      changeCustomer(client, customer, (old) => ({ ...old, new_activity: 0 }));
    };
    // What could not be said stays new, and is said with the next look.
    const timer = setTimeout(() => look().catch(() => undefined), GLANCE_MS);
    return () => clearTimeout(timer);
  }, [client, customer, news, isPast, isVisible]);
}

/** What others did since the last visit; what comes while one looks is seen as it comes. */
export function useSince(customer: string) {
  const isPast = useIsPast();
  return useQuery({
    queryKey: ["since", customer],
    enabled: !isPast,
    queryFn: ({ signal }) => {
      const params = { path: { customer_id: customer } };
      return read(api.GET("/v1/customers/{customer_id}/since", { params, signal }));
    },
    staleTime: 60_000,
  });
}

/** Who goes on to the next customer at once was not here. */
const STAY_MS = 1000;

/** Who else has the customer before their eyes; they are told of oneself as well. */
export function useViewers(customer: string) {
  const isPast = useIsPast();
  const isVisible = useDocumentVisibility() === "visible";
  const [isHere, setHere] = useState(false);
  const isStaying = isVisible && !isPast;
  useEffect(() => {
    if (!isStaying) return;
    let stays = false;
    const timer = setTimeout(() => {
      stays = true;
      setHere(true);
    }, STAY_MS);
    const leave = () => {
      clearTimeout(timer);
      setHere(false);
      if (!stays) return;
      stays = false;
      const params = { path: { customer_id: customer } };
      // Who cannot say so is forgotten soon.
      const init = { params, keepalive: true };
      read(api.DELETE("/v1/customers/{customer_id}/presence", init)).catch(() => undefined);
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [customer, isStaying]);
  const here = useQuery({
    queryKey: ["viewers", customer],
    enabled: isHere,
    queryFn: ({ signal }) => {
      const params = { path: { customer_id: customer } };
      return read(api.POST("/v1/customers/{customer_id}/presence", { params, signal }));
    },
    refetchInterval: ({ state }) => (state.data?.again_in_seconds ?? 20) * 1000,
    gcTime: 0,
  });
  return isHere ? (here.data?.others ?? []) : [];
}
