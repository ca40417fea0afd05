import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { isZero } from "@/shared/format";
import { Money } from "@/shared/money";
import { useSeesAll } from "@/shared/session";
import css from "./customer.module.css";
import type { CounterTab } from "./customer-header";

/** What there is of each thing, and the way to it. Of money only what one's role sees. */
export function Counters(props: { customer: Customer; onTab: (tab: CounterTab) => void }) {
  const { t } = useTranslation();
  const seesAll = useSeesAll();
  const { counters = {}, finance } = props.customer;
  const all: [CounterTab, string, number | undefined][] = [
    ["tasks", t("counter.tasks"), counters.open_tasks],
    ["interactions", t("counter.interactions"), counters.interactions],
    ["notes", t("counter.notes"), counters.notes],
    ["files", t("tab.files"), counters.files],
  ];
  return (
    <div className={css.counters}>
      {all.map(
        ([tab, label, count]) =>
          count !== undefined && (
            <UnstyledButton
              key={tab}
              className={css.counter}
              data-none={count === 0}
              onClick={() => props.onTab(tab)}
            >
              {label} <span className="number">{count}</span>
            </UnstyledButton>
          ),
      )}
      {finance?.by_currency?.map((sums) => (
        <UnstyledButton
          key={sums.currency}
          className={css.counter}
          data-none={sums.open_invoices === 0}
          onClick={() => props.onTab("finance")}
        >
          {t("counter.invoices")} <span className="number">{sums.open_invoices}</span>
          {!isZero(sums.balance ?? "0") && (
            <>
              {" · "}
              <Money amount={sums.balance ?? "0"} currency={sums.currency} />
            </>
          )}
          {(sums.overdue_invoices ?? 0) > 0 && (
            <span className={css.overdue}>
              {t("counter.overdue", { count: sums.overdue_invoices })}
            </span>
          )}
        </UnstyledButton>
      ))}
      {seesAll && (
        <UnstyledButton
          className={css.counter}
          aria-label={t("counter.version", { version: props.customer.version })}
          onClick={() => props.onTab("audit")}
        >
          v<span className="number">{props.customer.version}</span>
        </UnstyledButton>
      )}
    </div>
  );
}
