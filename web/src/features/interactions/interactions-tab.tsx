import { Button } from "@mantine/core";
import {
  IconCalendarEvent,
  IconDots,
  IconHome,
  IconMail,
  IconMessage,
  IconPhone,
  IconPlayerPlay,
  IconRefresh,
  IconUsers,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { localDay, nearDay } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { More } from "@/shared/more";
import { Empty, Failure, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";
import css from "./interactions.module.css";
import { type Interaction, type Type, useInteractions } from "./queries";

const ICONS: Record<Type, typeof IconPhone> = {
  call: IconPhone,
  visit: IconHome,
  email: IconMail,
  sms: IconMessage,
  showroom_visit: IconHome,
  meeting: IconUsers,
  demo: IconPlayerPlay,
  follow_up: IconRefresh,
  other: IconDots,
};

export function InteractionsTab(props: { customer: string; onLog: (() => void) | undefined }) {
  const { t } = useTranslation();
  const list = useInteractions(props.customer);
  const rows = rowsOf(list.data);
  if (list.isPending) return <Waiting />;
  if (list.isError && rows.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  if (rows.length === 0) {
    const log = <Button onClick={props.onLog}>{t("interaction.log")}</Button>;
    return <Empty action={props.onLog && log}>{t("interaction.empty")}</Empty>;
  }
  return (
    <>
      <ol className={css.list}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ol>
      <More list={list} />
    </>
  );
}

function Row({ row }: { row: Interaction }) {
  const { t } = useTranslation();
  const Icon = ICONS[row.type] ?? IconCalendarEvent;
  const locale = useLocale();
  const recorded = localDay(new Date(row.recorded_at));
  const isLater = localDay(new Date(row.occurred_at)) !== recorded;
  return (
    <li className={css.row} data-new={row.id === "new"}>
      <Icon size={16} className={css.icon} aria-hidden />
      <div>
        <p>
          <strong className={css.type}>{t(`interaction.${row.type}`)}</strong>{" "}
          <span className={`quiet ${css.said}`}>
            {isLater ? (
              <>
                <Time at={row.occurred_at} />
                {", "}
                {t("interaction.loggedBy", {
                  day: nearDay(recorded, locale, new Date()),
                  name: row.logged_by.name,
                })}
              </>
            ) : (
              row.logged_by.name
            )}
          </span>
        </p>
        {known(row.note) && <p className="reading">{known(row.note)}</p>}
      </div>
      {!isLater && <Time at={row.occurred_at} />}
    </li>
  );
}
