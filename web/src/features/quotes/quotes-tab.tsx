import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { useMay } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { NewQuote } from "./new-quote";
import { Orders } from "./orders";
import { useOrders, useQuotes } from "./queries";
import { QuoteRow } from "./quote-row";

export function QuotesTab({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const quotes = useQuotes(customer, may("quote.read"));
  const orders = useOrders(customer);
  const [isNew, setNew] = useState(false);
  const rows = rowsOf(quotes.data);
  const currency = rowsOf(orders.data)[0]?.gross.currency ?? rows[0]?.total.currency;
  const add = may("quote.write") && !isNew && (
    <Button onClick={() => setNew(true)}>{t("quote.new")}</Button>
  );
  return (
    <div className="groups">
      {may("quote.read") && (
        <section className="stack">
          <div className="between">
            <h2>{t("quote.title")}</h2>
            {rows.length > 0 && add}
          </div>
          {isNew && (
            <NewQuote customer={customer} currency={currency} onDone={() => setNew(false)} />
          )}
          {quotes.isPending && <Waiting rows={2} />}
          {quotes.isError && <Failure error={quotes.error} retry={() => quotes.refetch()} />}
          {quotes.isSuccess && rows.length === 0 && !isNew && (
            <Empty action={add}>{t("quote.empty")}</Empty>
          )}
          {rows.length > 0 && (
            <table className="table">
              <thead>
                <tr>
                  <th>{t("quote.number")}</th>
                  <th>{t("quote.state")}</th>
                  <th>{t("quote.validUntil")}</th>
                  <th className="number">{t("quote.total")}</th>
                  <th>
                    <span className="hidden">{t("quote.steps")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((quote) => (
                  <QuoteRow key={quote.id} customer={customer} quote={quote} />
                ))}
              </tbody>
            </table>
          )}
        </section>
      )}
      <Orders list={orders} />
    </div>
  );
}
