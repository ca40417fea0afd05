import { createContext, useContext } from "react";

/** As of when the 360 is shown, and by which of its two times; it stands in the address. */
export type Moment = { as_of?: string; time?: "recorded" };

export function readMoment(search: Record<string, unknown>): Moment {
  const { as_of, time } = search;
  if (typeof as_of !== "string" || Number.isNaN(Date.parse(as_of))) return {};
  return time === "recorded" ? { as_of, time } : { as_of };
}

/** A moment as the service is asked for it. */
export type AsOf = { as_of: string; time: "effective" | "recorded" };

/** As of when everything below is shown; where that is said, nothing can be changed. */
export const Past = createContext<AsOf | undefined>(undefined);

export function useAsOf(): AsOf | undefined {
  return useContext(Past);
}

export function useIsPast(): boolean {
  return useAsOf() !== undefined;
}

/** What time it is below: ages go by it, and what is overdue. */
export function useNow(): Date {
  const asOf = useAsOf();
  return asOf === undefined ? new Date() : new Date(asOf.as_of);
}
