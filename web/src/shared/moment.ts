import { createContext, useContext } from "react";

/** As of when the 360 is shown, and by which of its two times; it stands in the address. */
export type Moment = { as_of?: string; time?: "recorded" };

export function readMoment(search: Record<string, unknown>): Moment {
  const { as_of, time } = search;
  if (typeof as_of !== "string" || Number.isNaN(Date.parse(as_of))) return {};
  return time === "recorded" ? { as_of, time } : { as_of };
}

/** Whether what is below shows the past, where nothing can be changed. */
export const Past = createContext(false);

export function useIsPast(): boolean {
  return useContext(Past);
}
