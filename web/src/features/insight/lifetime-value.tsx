import { UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { Money, withCurrency } from "@/shared/money";
import { More } from "@/shared/more";
import { Empty, Failure, Waiting } from "@/shared/states";
import { Day } from "@/shared/time";
import css from "./insight.module.css";
import { useValueDocuments, type Value } from "./queries";

/** By currency, which are never added up; what each is made of opens on a click. */
export function LifetimeValue({ customer, values }: { customer: string; values: Value[] }) {
  const { t } = useTranslation("insight");
  return (
    <section className="stack">
      <h2>{t("value.title")}</h2>
      {values.length === 0 && <Empty>{t("value.none")}</Empty>}
      {values.map((value) => (
        <Parts key={value.currency} customer={customer} value={value} />
      ))}
    </section>
  );
}

function Parts({ customer, value }: { customer: string; value: Value }) {
  const { t } = useTranslation("insight");
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="stack">
      <UnstyledButton
        className={css.value}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={css.sum}>
          <Money amount={value.amount} currency={value.currency} />
        </span>
        <span className="small quiet">{t(isOpen ? "value.hide" : "value.show")}</span>
        <IconChevronDown size={16} className={css.chevron} aria-hidden />
      </UnstyledButton>
      {isOpen && (
        <div id={id} className="stack">
          <Sums value={value} />
          <Documents customer={customer} currency={value.currency} />
        </div>
      )}
    </div>
  );
}

function Sums({ value }: { value: Value }) {
  const { t } = useTranslation("insight");
  return (
    <ul className={css.parts}>
      {value.parts.map(({ kind, count, amount }) => (
        <li key={kind} className="between">
          <span>{t(`value.${kind}`, { count })}</span>
          <Money amount={amount} />
        </li>
      ))}
      <li className={`between ${css.whole}`}>
        <span>{withCurrency(t("value.title"), value.currency)}</span>
        <Money amount={value.amount} />
      </li>
    </ul>
  );
}

function Documents({ customer, currency }: { customer: string; currency: string }) {
  const { t } = useTranslation("insight");
  const list = useValueDocuments(customer, currency);
  const rows = rowsOf(list.data);
  if (list.isPending) return <Waiting />;
  if (list.isError && rows.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  const amount = withCurrency(t("document.amount"), currency);
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th>{t("document.kind")}</th>
            <th>{t("document.number")}</th>
            <th>{t("document.on")}</th>
            <th className="number">{amount}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{t(`document.is_${row.kind}`)}</td>
              <td>{row.number ?? "–"}</td>
              <td data-label={t("document.on")}>
                <Day on={row.on} />
              </td>
              <td className="number" data-label={amount}>
                <Money amount={row.amount.amount} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <More list={list} />
    </>
  );
}
