import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Badges } from "@/shared/badges";
import type { Customer } from "@/shared/customer";
import { asWords, known } from "@/shared/text";
import { Time } from "@/shared/time";
import css from "./directory.module.css";
import { Matched } from "./matched";
import { usePrefetch } from "./queries";
import { SelectButton } from "./select-button";

const HEIGHT = 56;
/** So many rows before the end the next page is asked for. */
const AHEAD = 30;

export function DirectoryList(props: {
  rows: Customer[];
  q: string | undefined;
  selected: string | undefined;
  hasMore: boolean;
  more: () => void;
  /** Where customers can be chosen for what is done to many. */
  choice: Choice | undefined;
}) {
  const { rows, selected, hasMore, more, choice } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const isNearEnd = (items.at(-1)?.index ?? 0) >= rows.length - AHEAD;

  useEffect(() => {
    if (isNearEnd && hasMore) more();
  }, [isNearEnd, hasMore, more]);

  const at = rows.findIndex((row) => row.id === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
    // Who goes through the list by the arrows stays on the row that is open.
    const focused = document.activeElement;
    if (focused?.matches("a[href]") && scroller.current?.contains(focused)) {
      scroller.current.querySelector<HTMLElement>("a[aria-current]")?.focus();
    }
  }, [at, virtual]);

  return (
    <div ref={scroller} className={css.list}>
      <ul
        aria-label={t("directory.customers")}
        className={css.all}
        data-choosing={choice?.isChoosing}
        style={{ blockSize: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={item.key}
              className={css.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Row customer={row} q={props.q} selected={row.id === selected} choice={choice} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export type Choice = {
  isChoosing: boolean;
  has: (id: string) => boolean;
  toggle: (id: string, isRange: boolean) => void;
};

function Row(props: {
  customer: Customer;
  q: string | undefined;
  selected: boolean;
  choice: Choice | undefined;
}) {
  const { customer, selected, choice } = props;
  const { t } = useTranslation();
  const prefetch = usePrefetch();
  const name = known(customer.display_name) ?? t("customer.erased");
  const owner = customer.workers?.[0]?.name;
  const second = [customer.status && asWords(customer.status), customer.folder?.name, owner];
  return (
    <>
      {choice && (
        <SelectButton
          name={name}
          isChosen={choice.has(customer.id)}
          onToggle={(isRange) => choice.toggle(customer.id, isRange)}
        />
      )}
      <Link
        className={css.row}
        data-chosen={choice?.has(customer.id)}
        to="/organizations/$organisation/customers/{-$customer}/{-$tab}"
        from="/organizations/$organisation/customers/{-$customer}/{-$tab}"
        params={(old) => ({ ...old, customer: customer.id })}
        search={(old) => old}
        aria-current={selected ? "true" : undefined}
        onMouseEnter={() => prefetch.start(customer.id)}
        onMouseLeave={prefetch.stop}
        onFocus={() => prefetch.start(customer.id)}
        onBlur={prefetch.stop}
      >
        <span className={css.line}>
          <span className={`cut ${css.name}`} title={name}>
            <Matched text={name} q={props.q} />
          </span>
          <Badges customer={customer} />
        </span>
        <span className={css.line}>
          <span className="cut small quiet">
            {second.filter((part) => part !== undefined && part !== null).join(" · ") ||
              t("customer.noFolder")}
          </span>
          <span className={css.last}>
            {customer.last_activity_at && <Time at={customer.last_activity_at} />}
            <NewActivity count={customer.new_activity ?? 0} />
          </span>
        </span>
      </Link>
    </>
  );
}

/** What others did since one looked; how much is said in words to who cannot see the dot. */
function NewActivity({ count }: { count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <span className={`small ${css.news}`}>
      <span className={css.dot} aria-hidden />
      <span className="number" aria-hidden>
        {count}
      </span>
      <span className="hidden">{t("directory.news", { count })}</span>
    </span>
  );
}
