import { useDebouncedCallback } from "@mantine/hooks";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/history";
import { Changed } from "@/features/history/changed";
import { type Clock, type Entry, momentAt, momentsOf, timeOf } from "@/features/history/moments";
import { PastBar } from "@/features/history/past-bar";
import { useCustomerAt, useEntries } from "@/features/history/queries";
import { useCustomer } from "@/shared/customer";
import { type Moment, Past } from "@/shared/moment";
import { useSeesAll } from "@/shared/session";
import { Failure, Waiting } from "@/shared/states";

const NONE: Entry[] = [];
const PAUSE_MS = 150;

/** The 360 as it was: the same panels, which ask the service as of the moment and change nothing. */
export function PastCustomer(props: {
  customer: string;
  moment: Moment;
  onMoment: (moment: Moment, replace: boolean) => void;
  onLeave: () => void;
  children: (bar: ReactNode) => ReactNode;
}) {
  const { customer: id, moment, onMoment } = props;
  const { t } = useTranslation("history");
  const clock: Clock = moment.time ?? "effective";
  const entries = useEntries(id);
  const all = entries.data ?? NONE;
  const moments = useMemo(() => momentsOf(all, clock), [all, clock]);
  // The bar follows the slider at once, what it shows when the slider rests.
  const [moving, setMoving] = useState<number>();
  const settled = momentAt(moments, moment.as_of ?? "");
  const at = moving ?? settled;
  const shown = moments[settled] ?? moment.as_of ?? "";
  const asOf = useMemo(() => ({ as_of: shown, time: clock }), [shown, clock]);
  const record = useCustomerAt(id, asOf);
  const before = useCustomerAt(id, { as_of: moments[settled - 1], time: clock });
  const latest = useCustomer(id).data;
  const seesAll = useSeesAll();
  const settle = useDebouncedCallback((to: number) => {
    setMoving(undefined);
    onMoment({ ...moment, as_of: moments[to] }, true);
  }, PAUSE_MS);
  const within = (bar: ReactNode) => <Past value={asOf}>{props.children(bar)}</Past>;
  const failed = [entries, record].find(({ isError }) => isError);
  if (failed?.error) return within(<Failure error={failed.error} retry={() => failed.refetch()} />);
  if (!entries.isSuccess || record.data === undefined) return within(<Waiting rows={3} />);
  const of = { at: at + 1, of: moments.length };
  return within(
    <PastBar
      moments={moments}
      at={at}
      clock={clock}
      place={
        seesAll
          ? t("place", { ...of, version: record.data.version, latest: latest?.version })
          : t("placeOnly", of)
      }
      onMove={(to) => {
        setMoving(to);
        settle(to);
      }}
      onClock={(next) => {
        const same = all.find((entry) => timeOf(entry, clock) === shown);
        const as_of = same ? timeOf(same, next) : shown;
        onMoment({ as_of, time: next === "recorded" ? next : undefined }, true);
      }}
      onLeave={props.onLeave}
    >
      {!record.isPlaceholderData && (
        <Changed
          entries={all.filter((entry) => timeOf(entry, clock) === shown)}
          before={settled > 0 && !before.isPlaceholderData ? before.data : undefined}
          isFirst={settled === 0}
          customer={record.data}
        />
      )}
    </PastBar>,
  );
}
