import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { localDay } from "@/shared/format";
import { refusal } from "@/shared/problem";
import { Failure, NotSaved } from "@/shared/states";
import { latest, type Rule } from "./definition";
import { type Rehearsed, useJob, useRehearse } from "./queries";
import { Rehearsed as Result } from "./rehearsed";
import css from "./rules.module.css";

const SPAN_MS = 90 * 86_400_000;
const start = (day: string) => new Date(`${day}T00:00:00`).toISOString();

/** The version that was written last over what has happened; nothing is done and nobody is told. */
export function Rehearsal({ rule }: { rule: Rule }) {
  const { t } = useTranslation("rules");
  const rehearse = useRehearse(rule.id);
  const [from, setFrom] = useState(() => localDay(new Date(Date.now() - SPAN_MS)));
  const [to, setTo] = useState(() => localDay(new Date()));
  const job = useJob(rehearse.data?.id);
  const isRunning = job.data?.state === "queued" || job.data?.state === "running";
  const refused = refusal(rehearse.error);
  const isBackwards = from > to;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isBackwards || from === "" || to === "") return;
    const end = new Date(`${to}T00:00:00`);
    end.setDate(end.getDate() + 1);
    rehearse.mutate({ from: start(from), to: end.toISOString(), time: "effective" });
  };
  return (
    <div className="groups">
      <form className="stack" onSubmit={send} noValidate>
        <p className="quiet">{t("rehearseHint", { version: latest(rule).version })}</p>
        <div className={`${css.line} ${css.editor}`}>
          <TextInput
            label={t("from")}
            type="date"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            error={refused?.field("from")}
          />
          <TextInput
            label={t("to")}
            type="date"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            error={isBackwards ? t("backwards") : refused?.field("to")}
          />
        </div>
        <div>
          <Button type="submit" variant="filled" loading={rehearse.isPending || isRunning}>
            {t("rehearse")}
          </Button>
        </div>
        {(refused?.fields.length ?? 0) === 0 && <NotSaved error={rehearse.error} />}
      </form>
      {isRunning && (
        <p role="status" className="quiet">
          {t("lookedAt", { count: job.data?.done ?? 0 })}
        </p>
      )}
      {job.isError && <Failure error={job.error} retry={() => job.refetch()} />}
      {job.data?.state === "failed" && (
        <p role="alert" className={css.wrong}>
          {(job.data.error as { detail?: string } | null)?.detail ?? t("stopped")}
        </p>
      )}
      {job.data?.state === "done" && job.data.result && (
        <Result result={job.data.result as unknown as Rehearsed} report={job.data.report_url} />
      )}
    </div>
  );
}
