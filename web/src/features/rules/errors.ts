import { createContext, use } from "react";
import type { Refused } from "@/shared/problem";

export type Fault = { pointer: string; detail: string; allowed: string[] };

/** What is wrong with a definition, by where it is. */
export const Wrong = createContext<Fault[]>([]);

export function wrongAt(refused: Refused | undefined): Fault[] {
  return (refused?.fields ?? []).map(({ pointer, detail, allowed }) => ({
    pointer: pointer ?? "",
    detail: detail ?? "",
    allowed: (allowed ?? []).map((value) => `${value}`),
  }));
}

/** What is wrong at a place, or below it where nothing smaller is shown. */
export function useWrong(): (pointer: string, withBelow?: boolean) => string | undefined {
  const faults = use(Wrong);
  return (pointer, withBelow = false) =>
    faults.find(
      (fault) =>
        fault.pointer === pointer || (withBelow && fault.pointer.startsWith(`${pointer}/`)),
    )?.detail;
}
