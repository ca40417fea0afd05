import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { EntryRow } from "./entry-row";
import { NewEntry } from "./new-entry";
import { KINDS, type Kind, useServiceEntries } from "./queries";
import css from "./service-entries.module.css";

/** Deliveries, installations and service cases on one line of time. */
export function ServiceTab({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const mayWrite = useMay()("service.write");
  const list = useServiceEntries(customer);
  const [kind, setKind] = useState<Kind>();
  const [isNew, setNew] = useState(false);
  const rows = rowsOf(list.data);
  const shown = rows.filter((row) => kind === undefined || row.kind === kind);
  const add = mayWrite && !isNew && (
    <Button onClick={() => setNew(true)}>{t("service.new")}</Button>
  );
  if (list.isPending) return <Waiting />;
  if (list.isError && rows.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  return (
    <div className="stack">
      {rows.length > 0 && (
        <div className="between">
          <NativeSelect
            aria-label={t("service.kind")}
            value={kind ?? ""}
            onChange={({ currentTarget: { value } }) =>
              setKind(value === "" ? undefined : (value as Kind))
            }
            data={[
              { value: "", label: t("service.all") },
              ...KINDS.map((value) => ({ value, label: t(`service.${value}`) })),
            ]}
          />
          {add}
        </div>
      )}
      {isNew && <NewEntry customer={customer} onDone={() => setNew(false)} />}
      {rows.length === 0 && !isNew && <Empty action={add}>{t("service.empty")}</Empty>}
      {rows.length > 0 && shown.length === 0 && (
        <Empty
          action={<Button onClick={() => setKind(undefined)}>{t("directory.clearFilters")}</Button>}
        >
          {t("service.emptyFilter")}
        </Empty>
      )}
      <ol className={css.list}>
        {shown.map((row) => (
          <EntryRow key={row.id} customer={customer} entry={row} mayWrite={mayWrite} />
        ))}
      </ol>
      <More list={list} />
    </div>
  );
}
