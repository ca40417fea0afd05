/** A value of a person: a text, or word that it was erased. */
export type Personal = unknown;

export function known(value: Personal): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function isErased(value: Personal): boolean {
  return typeof value === "object" && value !== null && "erased" in value;
}

/** A word of a list of the organisation's own, as one reads it. */
export function asWords(word: string): string {
  const words = word.replaceAll("_", " ");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
