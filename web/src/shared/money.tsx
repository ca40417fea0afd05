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
