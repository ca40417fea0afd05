import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { count } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { Failure, NotSaved } from "@/shared/states";
import { BulkForm, type Wish } from "./bulk-form";
import { JobReport, Progress } from "./job-report";
import { type Command, hasEnded, type Selection, useBegin, useJob, useUndoJob } from "./queries";

/** First what would come of it, then the job, then what became of everybody. */
export function BulkDrawer(props: {
  selection: Selection;
  count: number | undefined;
  folder: string | undefined;
  command: Command;
  onClose: () => void;
}) {
  const { t } = useTranslation("bulk");
  const locale = useLocale();
  // Who is chosen may change behind the drawer; the job is for those whom it was opened for.
  const selection = useRef(props.selection).current;
  const [wish, setWish] = useState<Wish>();
  const preview = useBegin();
  const begin = useBegin();
  const undo = useUndoJob();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const seen = useJob(wish && preview.data?.id);
  const job = useJob(undo.data?.id ?? begin.data?.id);

  const look = (next: Wish) => {
    setWish(next);
    setKey(crypto.randomUUID());
    begin.reset();
    preview.mutate({ ...next, selection, dry_run: true, key: crypto.randomUUID() });
  };
  const change = () => {
    setWish(undefined);
    preview.reset();
  };
  const apply = () => wish && begin.mutate({ ...wish, selection, dry_run: false, key });

  const title =
    props.count === undefined
      ? t("titleAll")
      : t("title", { count: props.count, text: count(props.count, locale) });
  const isLooking = preview.isPending || (preview.data !== undefined && !hasEnded(seen.data));
  const refused = refusal(preview.error);
  const would = seen.data?.updated ?? 0;
  return (
    <SideDrawer title={title} onClose={props.onClose}>
      {job.data === undefined && !job.isError ? (
        <div className="form">
          <BulkForm
            command={props.command}
            folder={props.folder}
            isBusy={isLooking || begin.isPending}
            refused={refused?.fields[0]?.detail ?? refused?.message}
            onChange={change}
            onLook={look}
          />
          {preview.isError && refused === undefined && <NotSaved error={preview.error} />}
          {wish && isLooking && <Progress job={seen.data} said={t("checking")} />}
          {wish && seen.isError && <Failure error={seen.error} retry={() => seen.refetch()} />}
          {wish && hasEnded(seen.data) && seen.data && (
            <>
              <JobReport job={seen.data} kind="preview" />
              {would > 0 && (
                <div className="row">
                  <Button variant="filled" onClick={apply} loading={begin.isPending}>
                    {t("apply", { count: would, text: count(would, locale) })}
                  </Button>
                </div>
              )}
              <NotSaved error={begin.error} />
            </>
          )}
        </div>
      ) : job.isError ? (
        <Failure error={job.error} retry={() => job.refetch()} />
      ) : hasEnded(job.data) && job.data ? (
        <div className="form">
          <JobReport job={job.data} kind={job.data.result?.undoes ? "undone" : "done"} />
          <div className="row">
            {!undo.data && job.data.updated > 0 && (
              <Button
                onClick={() => undo.mutate({ job: job.data.id, key: `${job.data.id}-undo` })}
                loading={undo.isPending}
              >
                {t("undo")}
              </Button>
            )}
            <Button variant="subtle" onClick={props.onClose}>
              {t("close")}
            </Button>
          </div>
          <NotSaved error={undo.error} />
        </div>
      ) : (
        <Progress job={job.data} said={t("progress")} />
      )}
    </SideDrawer>
  );
}
