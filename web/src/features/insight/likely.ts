/** A chance in a word; the number stands beside it. */
export function howLikely(chance: number): "likely" | "open" | "unlikely" {
  if (chance >= 0.7) return "likely";
  return chance >= 0.3 ? "open" : "unlikely";
}

/** Never "0 %" or "100 %": nobody knows that. */
export function share(chance: number, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "percent" });
  if (chance < 0.01) return `< ${format.format(0.01)}`;
  return chance > 0.99 ? `> ${format.format(0.99)}` : format.format(chance);
}

/** A number of purchases, as far as it can be known; nothing where there will hardly be one. */
export function some(purchases: number, language: string): string | undefined {
  if (purchases < 0.1) return undefined;
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: purchases < 10 ? 1 : 0 });
  return format.format(purchases);
}
