import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read } from "@/shared/api";
import { known } from "@/shared/text";

export const KINDS = ["customers", "orders", "quotes", "invoices", "tasks"] as const;
export type Kind = (typeof KINDS)[number];
export type Hit = { kind: Kind; id: string; label: string; hint?: string; customer?: string };

type Row = Record<string, unknown> & { id: string };

/** Records of all kinds that fit what was typed. */
export function useSearch(text: string) {
  return useQuery({
    queryKey: ["search", text],
    enabled: text !== "",
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const params = { query: { q: text, limit: 5 } };
      const { data } = await read(api.GET("/v1/search", { params, signal }));
      return KINDS.flatMap((kind) =>
        ((data[kind]?.data ?? []) as Row[]).map((row) => hit(kind, row)),
      );
    },
  });
}

function hit(kind: Kind, row: Row): Hit {
  if (kind === "customers") {
    const [mail] = (row.emails as { address?: unknown }[] | undefined) ?? [];
    const label = known(row.display_name) ?? row.id;
    return { kind, id: row.id, label, hint: known(mail?.address), customer: row.id };
  }
  const label = known(row.number) ?? known(row.title) ?? row.id;
  return { kind, id: row.id, label, hint: known(row.name), customer: known(row.customer) };
}
