import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { Money, oneCurrency, withCurrency } from "@/shared/money";
import { More } from "@/shared/more";
import { Empty, NoRows } from "@/shared/states";
import { asWords } from "@/shared/text";
import { Day } from "@/shared/time";
import { type LedgerEntry, useLedger } from "./queries";

/** Every document in its order, each with what it did to the balance and to the credit. */
export function Ledger({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const list = useLedger(customer);
  const rows = rowsOf(list.data);
  const one = oneCurrency(rows.map((row) => row.amount.currency));
  return (
    <section className="stack">
      <h2>{t("ledger.title")}</h2>
      <NoRows list={list} count={rows.length}>
        <Empty>{t("ledger.empty")}</Empty>
      </NoRows>
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{t("ledger.what")}</th>
              <th>{t("ledger.on")}</th>
              <th className="number">{withCurrency(t("ledger.change"), one)}</th>
              <th className="number">{t("ledger.balance")}</th>
              <th className="number">{t("ledger.credit")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((entry) => (
              <tr key={entry.id}>
                <td>
                  {t(`ledger.${entry.type}` as "ledger.invoice_issued", asWords(entry.type))}{" "}
                  <span className="quiet">
                    {entry.number}
                    {isNotTheChange(entry) && (
                      <>
                        {" · "}
                        <Money amount={entry.amount.amount} currency={entry.amount.currency} />
                      </>
                    )}
                  </span>
                </td>
                <td>
                  <Day on={entry.on} />
                </td>
                <td className="number" data-label={withCurrency(t("ledger.change"), one)}>
                  <Money
                    amount={entry.balance_change ?? "0"}
                    currency={one === undefined ? entry.amount.currency : undefined}
                  />
                </td>
                <td className="number" data-label={t("ledger.balance")}>
                  <Money amount={entry.balance} />
                </td>
                <td className="number" data-label={t("ledger.credit")}>
                  <Money amount={entry.credit_on_account} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More list={list} />
    </section>
  );
}

/** A document may come to more than it does to the balance: the rest is credit. */
function isNotTheChange({ amount, balance_change }: LedgerEntry): boolean {
  return Math.abs(Number(balance_change ?? 0)) !== Math.abs(Number(amount.amount));
}
