import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/credit-notes";
import { Badge } from "@/shared/badges";
import { rowsOf } from "@/shared/customer";
import { Money, oneCurrency, withCurrency } from "@/shared/money";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, NoRows } from "@/shared/states";
import type { Tone } from "@/shared/theme";
import { Day } from "@/shared/time";
import { NewCreditNote } from "./new-credit-note";
import { type Invoice, useInvoices } from "./queries";

const TONES: Record<Invoice["state"], Tone> = { open: "yellow", overdue: "red", paid: "teal" };

export function Invoices({ customer }: { customer: string }) {
  const { t } = useTranslation(["translation", "creditNotes"]);
  const list = useInvoices(customer);
  const rows = rowsOf(list.data);
  const one = oneCurrency(rows.map((row) => row.total.currency));
  const mayWrite = useMay()("finance.write");
  const [credited, setCredited] = useState<Invoice>();
  return (
    <section className="stack">
      <h2>{t("invoice.title")}</h2>
      <NoRows list={list} count={rows.length}>
        <Empty>{t("invoice.empty")}</Empty>
      </NoRows>
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{t("invoice.number")}</th>
              <th>{t("invoice.state")}</th>
              <th>{t("invoice.issuedOn")}</th>
              <th>{t("invoice.dueOn")}</th>
              <th className="number">{withCurrency(t("invoice.total"), one)}</th>
              <th className="number">{t("invoice.open")}</th>
              {mayWrite && (
                <th>
                  <span className="hidden">{t("creditNotes:issue")}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((invoice) => (
              <tr key={invoice.id}>
                <td>{invoice.number}</td>
                <td>
                  <span className="wrap">
                    <Badge tone={TONES[invoice.state]}>{t(`invoice.is_${invoice.state}`)}</Badge>
                    {isCredited(invoice) && <Badge tone="gray">{t("creditNotes:has")}</Badge>}
                  </span>
                </td>
                <td data-label={t("invoice.issuedOn")}>
                  <Day on={invoice.issued_on} />
                </td>
                <td data-label={t("invoice.dueOn")}>
                  {invoice.due_on ? <Day on={invoice.due_on} /> : "–"}
                </td>
                <td className="number" data-label={withCurrency(t("invoice.total"), one)}>
                  <Money
                    amount={invoice.total.amount}
                    currency={one === undefined ? invoice.total.currency : undefined}
                  />
                </td>
                <td className="number" data-label={t("invoice.open")}>
                  <Money amount={invoice.open.amount} />
                </td>
                {mayWrite && (
                  <td className="number">
                    <Button
                      variant="subtle"
                      aria-label={t("creditNotes:issueFor", { number: invoice.number })}
                      onClick={() => setCredited(invoice)}
                    >
                      {t("creditNotes:create")}
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More list={list} />
      {credited && (
        <NewCreditNote
          customer={customer}
          invoice={credited}
          onClose={() => setCredited(undefined)}
        />
      )}
    </section>
  );
}

/** What settles an invoice without an allocation is a credit note to it. */
function isCredited(invoice: Invoice): boolean {
  return invoice.settled_by.some(({ allocation_id }) => allocation_id === null);
}
