import { Button, NativeSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/proof";
import type { Schema } from "@/shared/api";
import { rowsOf } from "@/shared/customer";
import { Entries } from "@/shared/entries";
import { useIsPast } from "@/shared/moment";
import { More } from "@/shared/more";
import { useMay, useMe, useSeesAll } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { isOfRecord } from "./gaps";
import { useTimeline, useUndoEvent } from "./queries";
import { Versions } from "./versions";
import { Why } from "./why";

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";

/** Who did what, and when: a sentence for every event, with its causes on a click. */
export function AuditTab({ customer }: { customer: string }) {
  const { t } = useTranslation(["translation", "proof"]);
  const isPast = useIsPast();
  const seesAll = useSeesAll();
  const list = useTimeline(customer);
  const [asked, setAsked] = useState<string>();
  const [actor, setActor] = useState("");
  const [kind, setKind] = useState("");
  const { user } = useMe();
  const mayEdit = useMay()("customer.edit");
  const undo = useUndoEvent(customer);
  const rows = rowsOf(list.data);
  const undone = undoneIn(rows);
  const isOwn = (entry: Schema["Entry"]) => mayEdit && !isPast && entry.actor.id === user.id;
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
        mark={seesAll ? (entry) => isOfRecord(entry) && `v${entry.version}` : undefined}
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
            {isOwn(entry) &&
              (undone.has(entry.id) ? (
                <span className="small quiet">{t("undo.undone")}</span>
              ) : (
                <button type="button" className="link small" onClick={() => undo.mutate(entry.id)}>
                  {t("undo.undo")}
                </button>
              ))}
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
        detail={(entry) => (
          <>
            {undo.variables === entry.id && undo.error && (
              <p role="alert" className="small">
                {t("undo.notUndone", { reason: undo.error.message })}
              </p>
            )}
            {asked === entry.id && <Why event={entry.id} />}
          </>
        )}
      />
      <More list={list} />
    </div>
  );
}

/** What was taken back, unless that was taken back as well; the latest comes first. */
function undoneIn(entries: Schema["Entry"][]): ReadonlySet<string> {
  const undone = new Set<string>();
  for (const { id, undoes } of entries) {
    if (undoes && !undone.has(id)) undone.add(undoes);
  }
  return undone;
}

function kindOf(entry: { type: string }): string {
  return entry.type.split(".")[0] ?? entry.type;
}
