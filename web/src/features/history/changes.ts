import type { Customer } from "@/shared/customer";
import { known } from "@/shared/text";

export const FIELDS = [
  "name",
  "type",
  "folder",
  "status",
  "lifecycle",
  "workers",
  "tags",
  "emails",
  "phones",
  "addresses",
  "balance",
  "credit",
  "lifetime",
] as const;
export type Field = (typeof FIELDS)[number];
export type Change = { field: Field; from: string; to: string };

/** What a moment changed of what the 360 shows, in words as they stand. */
export function changesBetween(before: Customer | undefined, after: Customer): Change[] {
  const old = before === undefined ? undefined : valuesOf(before);
  const now = valuesOf(after);
  return FIELDS.map((field) => ({ field, from: old?.[field] ?? "", to: now[field] })).filter(
    ({ from, to }) => from !== to,
  );
}

function valuesOf(customer: Customer): Record<Field, string> {
  const money = (sum: "balance" | "credit_on_account" | "lifetime_value") =>
    (customer.finance?.by_currency ?? [])
      .map((of) => `${of[sum] ?? "0"} ${of.currency}`)
      .join(", ");
  const each = (rows: unknown[] | undefined, field: string) =>
    (rows as Record<string, unknown>[] | undefined)
      ?.map((row) => known(row[field]))
      .filter((text) => text !== undefined)
      .join(", ") ?? "";
  return {
    name: known(customer.display_name) ?? "",
    type: customer.type ?? "",
    folder: customer.folder?.name ?? "",
    status: customer.status ?? "",
    lifecycle: customer.lifecycle ?? "",
    workers: each(customer.workers, "name"),
    tags: (customer.tags ?? []).join(", "),
    emails: each(customer.emails, "address"),
    phones: each(customer.phones, "number"),
    addresses: each(customer.addresses, "line1"),
    balance: money("balance"),
    credit: money("credit_on_account"),
    lifetime: money("lifetime_value"),
  };
}
