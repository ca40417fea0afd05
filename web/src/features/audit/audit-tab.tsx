import { Button, NativeSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/proof";
import { rowsOf } from "@/shared/customer";
import { Entries } from "@/shared/entries";
import { useIsPast } from "@/shared/moment";
import { More } from "@/shared/more";
import { Empty, Failure, Waiting } from "@/shared/states";
import { useTimeline } from "./queries";
import { Versions } from "./versions";
import { Why } from "./why";

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";

/** Who did what, and when: a sentence for every event, with its causes on a click. */
export function AuditTab({ customer }: { customer: string }) {
  const { t } = useTranslation(["translation", "proof"]);
  const isPast = useIsPast();
  const list = useTimeline(customer);
  const [asked, setAsked] = useState<string>();
  const [actor, setActor] = useState("");
  const [kind, setKind] = useState("");
  const rows = rowsOf(list.data);
  if (list.isPending) return <Waiting rows={8} />;
  if (list.isError && rows.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  const actors = [...new Set(rows.map((row) => row.actor.name ?? t(`actor.${row.actor.type}`)))];
  const kinds = [...new Set(rows.map(kindOf))].sort();
  const shown = rows.filter(
    (row) =>
      (actor === "" || (row.actor.name ?? t(`actor.${row.actor.type}`)) === actor) &&
      (kind === "" || kindOf(row) === kind),
  );
  const clear = () => {
    setActor("");
    setKind("");
  };
  return (
    <div className="stack">
      <Versions customer={customer} rows={rows} isWhole={!list.hasNextPage} />
      <div className="wrap">
        <NativeSelect
          aria-label={t("audit.actor")}
          value={actor}
          onChange={(event) => setActor(event.currentTarget.value)}
          data={[{ value: "", label: t("audit.everybody") }, ...actors]}
        />
        <NativeSelect
          aria-label={t("audit.kind")}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
          data={[
            { value: "", label: t("audit.everything") },
            ...kinds.map((value) => ({
              value,
              label: t(`kind.${value}` as "kind.customer", value),
            })),
          ]}
        />
      </div>
      {shown.length === 0 && (
        <Empty action={<Button onClick={clear}>{t("directory.clearFilters")}</Button>}>
          {t("audit.emptyFilter")}
        </Empty>
      )}
      <Entries
        entries={shown}
        action={(entry) => (
          <span className="row">
            {!isPast && (
              <Link
                className="small"
                from={PATH}
                to={PATH}
                params={(old) => old}
                search={(old) => ({ ...old, as_of: entry.occurred_at })}
              >
                {t("proof:asItWas")}
              </Link>
            )}
            <button
              type="button"
              className="link small"
              aria-expanded={asked === entry.id}
              onClick={() => setAsked(asked === entry.id ? undefined : entry.id)}
            >
              {t("audit.why")}
            </button>
          </span>
        )}
        detail={(entry) => asked === entry.id && <Why event={entry.id} />}
      />
      <More list={list} />
    </div>
  );
}

function kindOf(entry: { type: string }): string {
  return entry.type.split(".")[0] ?? entry.type;
}
