import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { oneCurrency, withCurrency } from "@/shared/money";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, NoRows } from "@/shared/states";
import { merged, ofOrders, ofQuotes, type Row } from "./merged";
import { NewQuote } from "./new-quote";
import { OrderRow } from "./order-row";
import { useOrders, useQuotes } from "./queries";
import { QuoteRow } from "./quote-row";

const KINDS = ["quotes", "orders"] as const;
type Kind = (typeof KINDS)[number];

/** What was offered and what was ordered, as one list. */
export function QuotesTab({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const mayRead = may("quote.read");
  const quotes = useQuotes(customer, mayRead);
  const orders = useOrders(customer);
  const [kind, setKind] = useState<Kind>();
  const [isNew, setNew] = useState(false);
  const lists = [
    ...(mayRead ? [{ of: "quotes", list: quotes, rows: ofQuotes(rowsOf(quotes.data)) }] : []),
    { of: "orders", list: orders, rows: ofOrders(rowsOf(orders.data)) },
  ].filter(({ of }) => kind === undefined || kind === of);
  const rows = merged(lists.map(({ list, rows }) => ({ rows, isWhole: !list.hasNextPage })));
  const one = oneCurrency(rows.map((row) => amountOf(row).currency));
  const unread = lists.find(({ list }) => !list.isSuccess)?.list ?? orders;
  const mayWrite = may("quote.write");
  const add = mayWrite && !isNew && <Button onClick={() => setNew(true)}>{t("quote.new")}</Button>;
  const go = (id: string) => {
    flushSync(() => setKind(undefined));
    document.getElementById(id)?.focus();
  };
  const numbers = new Map(
    [...rowsOf(quotes.data), ...rowsOf(orders.data)].map(({ id, number }) => [id, number ?? "–"]),
  );
  const isEmpty = kind === undefined && rows.length === 0;
  return (
    <div className="stack">
      {!isEmpty && (
        <div className="between">
          {mayRead && (
            <NativeSelect
              aria-label={t("order.kind")}
              value={kind ?? ""}
              onChange={({ currentTarget: { value } }) =>
                setKind(KINDS.find((known) => known === value))
              }
              data={[
                { value: "", label: t("order.all") },
                ...KINDS.map((value) => ({ value, label: t(`order.${value}`) })),
              ]}
            />
          )}
          {add}
        </div>
      )}
      {isNew && (
        <NewQuote
          customer={customer}
          currency={rows[0] && amountOf(rows[0]).currency}
          onDone={() => setNew(false)}
        />
      )}
      <NoRows list={unread} count={rows.length}>
        {isEmpty
          ? !isNew && <Empty action={add}>{t("order.empty")}</Empty>
          : t("order.emptyFilter")}
      </NoRows>
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{t("order.what")}</th>
              <th>{t("order.number")}</th>
              <th>{t("order.on")}</th>
              <th>{t("order.state")}</th>
              <th className="number">{withCurrency(t("order.amount"), one)}</th>
              {mayWrite && (
                <th>
                  <span className="hidden">{t("quote.steps")}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) =>
              "quote" in row ? (
                <QuoteRow
                  key={row.quote.id}
                  quote={row.quote}
                  order={row.quote.order ? numbers.get(row.quote.order) : undefined}
                  currency={one}
                  onGo={go}
                />
              ) : (
                <OrderRow
                  key={row.order.id}
                  order={row.order}
                  quote={row.order.quote ? numbers.get(row.order.quote) : undefined}
                  currency={one}
                  onGo={go}
                />
              ),
            )}
          </tbody>
        </table>
      )}
      <More
        list={{
          hasNextPage: lists.some(({ list }) => list.hasNextPage),
          isFetchingNextPage: lists.some(({ list }) => list.isFetchingNextPage),
          fetchNextPage: () => lists.map(({ list }) => list.hasNextPage && list.fetchNextPage()),
        }}
      />
    </div>
  );
}

function amountOf(row: Row) {
  return "quote" in row ? row.quote.total : row.order.gross;
}
