import { useEffect } from "react";

const MOST = 20;
let visited: string[] = [];

/** The customers that were open last; kept in memory alone, since a computer may be shared. */
export function useVisiting(customer: string | undefined) {
  useEffect(() => {
    if (customer === undefined) return;
    visited = [customer, ...visited.filter((other) => other !== customer)].slice(0, MOST);
  }, [customer]);
}

export function visitedLately(): string[] {
  return visited;
}
