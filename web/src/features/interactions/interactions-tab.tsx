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
import { localDay } from "@/shared/format";
import { More } from "@/shared/more";
import { Empty, Failure, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { Day, Time } from "@/shared/time";
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
  const happened = localDay(new Date(row.occurred_at));
  const recorded = localDay(new Date(row.recorded_at));
  return (
    <li className={css.row} data-new={row.id === "new"}>
      <Icon size={16} className={css.icon} aria-hidden />
      <div>
        <p>
          <strong className={css.type}>{t(`interaction.${row.type}`)}</strong>{" "}
          <span className="quiet">
            {row.logged_by.name}
            {happened !== recorded && (
              <>
                {" · "}
                {t("interaction.loggedOn")} <Day on={recorded} />
              </>
            )}
          </span>
        </p>
        {known(row.note) && <p className="reading">{known(row.note)}</p>}
      </div>
      <Time at={row.occurred_at} />
    </li>
  );
}
