import type { ReactNode } from "react";
import type { Schema } from "@/shared/api";
import { Money } from "@/shared/money";
import { useMay } from "@/shared/session";
import { known } from "@/shared/text";
import { Day } from "@/shared/time";
import css from "./quotes.module.css";

/** A row of what was offered or ordered, whichever it is. */
export function Cells(props: {
  row: { id: string; number: string | null; lines: object[] };
  kind: string;
  on: string;
  state: ReactNode;
  more?: ReactNode;
  amount: Schema["MoneyAmount"];
  /** The currency in the head of the column, where all have the same. */
  currency: string | undefined;
  children?: ReactNode;
}) {
  const { row, kind, amount, currency } = props;
  const mayWrite = useMay()("quote.write");
  return (
    <tr id={row.id} tabIndex={-1} className={css.row}>
      <td>{described(row.lines) || kind}</td>
      <td className={`quiet ${css.one}`}>
        {kind} {row.number ?? "–"}
      </td>
      <td className={css.one}>
        <Day on={props.on} />
      </td>
      <td>
        <span className="wrap">
          {props.state}
          {props.more && <span className="quiet">{props.more}</span>}
        </span>
      </td>
      <td className="number" data-label={currency}>
        <Money
          amount={amount.amount}
          currency={currency === undefined ? amount.currency : undefined}
        />
      </td>
      {mayWrite && <td>{props.children}</td>}
    </tr>
  );
}

/** To the row of what it came from, or of what it became. */
export function GoTo(props: { id: string; text: string; onGo: (id: string) => void }) {
  return (
    <button type="button" className="link" onClick={() => props.onGo(props.id)}>
      {props.text}
    </button>
  );
}

function described(lines: { description?: unknown }[]): string {
  return lines
    .map((line) => known(line.description))
    .filter((text) => text !== undefined)
    .join(", ");
}
