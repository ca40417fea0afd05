import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { Cells, GoTo } from "./cells";
import type { Order } from "./queries";

export function OrderRow(props: {
  order: Order;
  /** The number of the quote that it came from, where that is listed. */
  quote: string | undefined;
  currency: string | undefined;
  onGo: (id: string) => void;
}) {
  const { order, quote } = props;
  const { t } = useTranslation();
  const isCredit = order.kind === "credit_note";
  return (
    <Cells
      row={order}
      kind={t(`order.${order.kind}`)}
      on={order.placed_at}
      amount={order.gross}
      currency={props.currency}
      state={
        isCredit ? <Badge tone="gray">{t("order.credit_note")}</Badge> : t(`order.${order.state}`)
      }
      more={
        order.quote &&
        quote && (
          <GoTo id={order.quote} text={t("order.ofQuote", { number: quote })} onGo={props.onGo} />
        )
      }
    />
  );
}
