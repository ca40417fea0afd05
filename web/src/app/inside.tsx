import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback } from "react";
import { useMay } from "@/shared/session";
import { useFirstKeys } from "./keys";
import { LiveContext, useLive } from "./live";
import { pagesFor } from "./pages";
import { useVisiting } from "./visited";

/** What is the same on every page of an organisation: what is live, and the keys. */
export function Inside() {
  const { organisation } = useParams({ from: "/organizations/$organisation" });
  const live = useLive(organisation);
  const navigate = useNavigate();
  const may = useMay();
  const go = useCallback(
    (key: string) => {
      const page = pagesFor(may).find((other) => other.key === key);
      if (page) void navigate({ to: page.to, params: { organisation } });
    },
    [may, navigate, organisation],
  );
  useFirstKeys(go);
  useVisiting(useParams({ strict: false }).customer);
  return (
    <LiveContext value={live}>
      <Outlet />
    </LiveContext>
  );
}
