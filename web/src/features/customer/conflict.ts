/** A form's texts by the names of their fields. */
export type Texts = Record<string, string>;
export type Conflict = { field: string; was: string; theirs: string; mine: string };

/** The fields that somebody else changed to something else while one was typing. */
export function conflicts(was: Texts, now: Texts, form: Texts): Conflict[] {
  return Object.keys(form)
    .map((field) => ({
      field,
      was: was[field] ?? "",
      theirs: now[field] ?? "",
      mine: form[field]?.trim() ?? "",
    }))
    .filter(({ was, theirs, mine }) => theirs !== was && mine !== was && theirs !== mine);
}

/** What is to be sent: only what one has changed oneself. */
export function changed(was: Texts, form: Texts): Texts {
  return Object.fromEntries(
    Object.entries(form)
      .map(([field, text]) => [field, text.trim()] as const)
      .filter(([field, text]) => text !== (was[field] ?? "")),
  );
}
