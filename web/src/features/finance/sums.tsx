import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { days } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { Money } from "@/shared/money";
import css from "./finance.module.css";

type Sum = NonNullable<NonNullable<Customer["finance"]>["by_currency"]>[number];

/** What was billed, what was paid, what is open; credit is named by itself. */
export function Sums({ sums }: { sums: Sum[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (sums.length === 0) return <p className="quiet">{t("finance.none")}</p>;
  return sums.map((sum) => {
    const figures = [
      [t("finance.invoiced"), sum.invoiced],
      [t("finance.paid"), sum.paid],
      [t("finance.balance"), sum.balance],
      [t("finance.credit"), sum.credit_on_account],
    ] as const;
    return (
      <dl key={sum.currency} className={css.sums}>
        {figures.map(([label, amount]) => (
          <div key={label}>
            <dt className="small quiet">{label}</dt>
            <dd className={css.sum}>
              <Money amount={amount ?? "0"} currency={sum.currency} />
            </dd>
          </div>
        ))}
        {(sum.overdue_invoices ?? 0) > 0 && (
          <div>
            <dt className="small quiet">{t("finance.overdue")}</dt>
            <dd className={css.wrong}>
              {t("finance.overdueOf", {
                count: sum.overdue_invoices,
                days: days(sum.debt_age_days ?? 0, locale),
              })}
            </dd>
          </div>
        )}
      </dl>
    );
  });
}
