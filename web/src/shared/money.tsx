import { money } from "./format";
import { useLocale } from "./i18n";

/** An amount; its currency stands in the column's head, or beside it where there is none. */
export function Money({ amount, currency }: { amount: string; currency?: string }) {
  const locale = useLocale();
  return (
    <bdi className="number" dir="ltr">
      {money(amount, locale)}
      {currency !== undefined && ` ${currency}`}
    </bdi>
  );
}

/** Said once in the column's head where all rows have the same. */
export function oneCurrency(currencies: string[]): string | undefined {
  const [first, ...others] = currencies;
  return others.every((other) => other === first) ? first : undefined;
}

export function withCurrency(label: string, currency: string | undefined): string {
  return currency === undefined ? label : `${label}, ${currency}`;
}
