import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { rowsOf } from "@/shared/customer";
import { Money, oneCurrency, withCurrency } from "@/shared/money";
import { More } from "@/shared/more";
import { Empty, Failure, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { Day } from "@/shared/time";
import type { Order, useOrders } from "./queries";

export function Orders({ list }: { list: ReturnType<typeof useOrders> }) {
  const { t } = useTranslation();
  const rows = rowsOf(list.data);
  const one = oneCurrency(rows.map((row) => row.gross.currency));
  return (
    <section className="stack">
      <h2>{t("order.title")}</h2>
      {list.isPending && <Waiting rows={6} />}
      {list.isError && rows.length === 0 && (
        <Failure error={list.error} retry={() => list.refetch()} />
      )}
      {list.isSuccess && rows.length === 0 && <Empty>{t("order.empty")}</Empty>}
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{t("order.what")}</th>
              <th>{t("order.number")}</th>
              <th>{t("order.on")}</th>
              <th>{t("order.state")}</th>
              <th className="number">{withCurrency(t("order.amount"), one)}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((order) => (
              <tr key={order.id}>
                <td>{described(order) || t(`order.${order.kind}`)}</td>
                <td className="quiet">{order.number ?? "–"}</td>
                <td>
                  <Day on={order.placed_at} />
                </td>
                <td>
                  <State order={order} />
                </td>
                <td className="number" data-label={one}>
                  <Money
                    amount={order.gross.amount}
                    currency={one === undefined ? order.gross.currency : undefined}
                  />
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

function State({ order }: { order: Order }) {
  const { t } = useTranslation();
  if (order.kind === "credit_note") return <Badge tone="gray">{t("order.credit_note")}</Badge>;
  return (
    <>
      {t(`order.${order.state}`)}
      {order.quote && <span className="quiet"> · {t("order.fromQuote")}</span>}
    </>
  );
}

function described(order: Order): string {
  const lines = order.lines as { description?: unknown }[];
  return lines
    .map((line) => known(line.description))
    .filter((text) => text !== undefined)
    .join(", ");
}
