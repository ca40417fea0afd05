import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode } from "react";
import { api, read, type Schema } from "./api";
import { keys } from "./customer";

type Capabilities = Schema["Capabilities"];

const capabilitiesQuery = (customer: string) =>
  queryOptions({
    queryKey: keys.part(customer, "capabilities"),
    queryFn: ({ signal }) => {
      const params = { path: { customer_id: customer } };
      return read(api.GET("/v1/customers/{customer_id}/capabilities", { params, signal }));
    },
    staleTime: 60_000,
  });

/** What one's role allows, and not with this customer: by one's reach, or as they are. */
export function barredBy(capabilities: Capabilities | undefined): Map<string, string> {
  const barred = new Map<string, string>();
  const open = new Set<string>();
  for (const { permission, available, reason } of capabilities?.commands ?? []) {
    if (available) open.add(permission);
    else if (reason?.code === "reach" || reason?.code === "archived") {
      barred.set(permission, reason.code);
    }
  }
  for (const permission of open) barred.delete(permission);
  return barred;
}

/** The permissions that do not hold for the customer of the panels below. */
export const Barred = createContext<ReadonlyMap<string, string>>(new Map());

export function useBarred(customer: string): ReadonlyMap<string, string> {
  return barredBy(useQuery(capabilitiesQuery(customer)).data);
}

export function WithCapabilities(props: { customer: string; children: ReactNode }) {
  return <Barred value={useBarred(props.customer)}>{props.children}</Barred>;
}
