import { Button, Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused, Unreachable } from "./problem";
import css from "./states.module.css";

/** What belongs here, and the one way to begin. */
export function Empty(props: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p className="quiet">{props.children}</p>
      {props.action}
    </div>
  );
}

type List = { isPending: boolean; error: Error | null; refetch: () => unknown };

/** What stands where a list has no rows: that it is coming, that it did not, or that it is empty. */
export function NoRows(props: {
  list: List;
  count: number;
  /** The shape of what is coming. */
  shape?: { rows: number; height?: number };
  children: ReactNode;
}) {
  const { list } = props;
  if (props.count > 0) return null;
  if (list.isPending) return <Waiting {...props.shape} />;
  if (list.error) return <Failure error={list.error} retry={() => list.refetch()} />;
  return props.children;
}

/** What went wrong with a read, and what to do about it. */
export function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation();
  const reason = useReason(error);
  const isFinal = error instanceof Refused && !error.isFault;
  const isHidden = error instanceof Refused && error.problem.status === 403;
  return (
    <div className={css.empty} role="alert">
      <p className={css.reason}>{isHidden ? t("state.notForYou") : reason}</p>
      {!isFinal && <Button onClick={retry}>{t("state.retry")}</Button>}
      <RequestId error={error} />
    </div>
  );
}

/** Why something was not saved; the text is still where it was typed. */
export function NotSaved({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  const reason = useReason(error);
  if (error === null) return null;
  const isFault = error instanceof Unreachable || (error instanceof Refused && error.isFault);
  return (
    <div role="alert" className={`${css.wrong} ${css.reason}`}>
      {isFault ? `${t("state.notSaved")} ${reason}` : reason}
      <RequestId error={error} />
    </div>
  );
}

function useReason(error: Error | null): string {
  const { t } = useTranslation();
  if (error === null) return "";
  if (error instanceof Unreachable) return t("state.unreachable");
  if (!(error instanceof Refused)) return t("state.fault");
  if (error.isFault) return t("state.fault");
  const first = error.fields[0]?.detail;
  return first ?? error.problem.detail ?? error.problem.title;
}

function RequestId({ error }: { error: Error }) {
  const { t } = useTranslation();
  if (!(error instanceof Refused) || !error.isFault) return null;
  return (
    <p className="small quiet">{t("state.request", { id: error.problem.request_id ?? "–" })}</p>
  );
}

/** Nothing for a moment, then the shape of what is coming. */
export function Waiting({ rows = 5, height = 36 }: { rows?: number; height?: number }) {
  const [late, setLate] = useState(false);
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return <div style={{ minBlockSize: rows * height }} />;
  return (
    <div role="status" aria-label={t("state.loading")} className={css.waiting}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and stay in place
        <Skeleton key={row} height={height - 8} />
      ))}
    </div>
  );
}
