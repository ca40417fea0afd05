import { useEffect, useRef } from "react";

/** What can be done where one is. */
export type Offer = { label: string; key?: string; run: () => void };

const offered = new Map<symbol, () => Offer[]>();

/** Offers commands to the palette for as long as the component is there. */
export function useOffers(offers: Offer[]) {
  const latest = useRef(offers);
  useEffect(() => {
    latest.current = offers;
  });
  useEffect(() => {
    const id = Symbol("offers");
    offered.set(id, () => latest.current);
    return () => {
      offered.delete(id);
    };
  }, []);
}

/** All that is offered now; what two places offer stands once. */
export function offersNow(): Offer[] {
  // The outermost comes first, though it mounts last.
  const all = [...offered.values()].reverse().flatMap((offers) => offers());
  return [...new Map(all.map((offer) => [offer.label, offer])).values()];
}
