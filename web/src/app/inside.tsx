import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { loadTheRest } from "@/shared/late";
import { useMay } from "@/shared/session";
import { useFirstKeys } from "./keys";
import { LiveContext, useLive } from "./live";
import { pagesFor } from "./pages";
import { useVisiting } from "./visited";

/** By then the first customer is on the screen. */
const REST_MS = 3000;

/** What is the same on every page of an organisation: what is live, and the keys. */
export function Inside() {
  const { organisation } = useParams({ from: "/organizations/$organisation" });
  const live = useLive(organisation);
  const navigate = useNavigate();
  const may = useMay();
  const { customer } = useParams({ strict: false });
  const go = useCallback(
    (key: string) => {
      const page = pagesFor(may).find((other) => other.key === key);
      if (page) void navigate({ to: page.to, params: { organisation } });
      if (key === "a" && customer !== undefined) {
        const to = "/organizations/$organisation/customers/{-$customer}/{-$tab}";
        void navigate({ to, params: { organisation, customer, tab: "audit" } });
      }
    },
    [may, navigate, organisation, customer],
  );
  useFirstKeys(go);
  useVisiting(customer);
  useEffect(() => {
    const timer = setTimeout(() => void loadTheRest(), REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <LiveContext value={live}>
      <Outlet />
    </LiveContext>
  );
}
