import type { Customer } from "@/shared/customer";
import { known } from "@/shared/text";
import type { Names } from "./queries";

export const NAMES = ["first_name", "last_name", "company_name"] as const;
export type NameField = (typeof NAMES)[number];

export type Conflict = { field: NameField; was: string; theirs: string; mine: string };

/** The fields that somebody else changed to something else while one was typing. */
export function conflicts(was: Customer, now: Customer, mine: Names): Conflict[] {
  return NAMES.map((field) => ({
    field,
    was: known(was[field]) ?? "",
    theirs: known(now[field]) ?? "",
    mine: mine[field] ?? known(was[field]) ?? "",
  })).filter(({ was, theirs, mine }) => theirs !== was && mine !== was && theirs !== mine);
}

/** What is to be sent: only what one has changed oneself. */
export function changed(was: Customer, form: Record<NameField, string>): Names {
  return Object.fromEntries(
    NAMES.map((field) => [field, form[field].trim()] as const).filter(
      ([field, value]) => value !== (known(was[field]) ?? ""),
    ),
  );
}
