import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import {
  IconChevronLeft,
  IconChevronRight,
  IconChevronsLeft,
  IconChevronsRight,
  IconHistory,
} from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { moment } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import css from "./history.module.css";
import { type Clock, dayStep } from "./moments";

/** Which moment the 360 below shows, and the way to others. */
export function PastBar(props: {
  moments: string[];
  at: number;
  clock: Clock;
  place: string;
  onMove: (to: number) => void;
  onClock: (clock: Clock) => void;
  onLeave: () => void;
  children: ReactNode;
}) {
  const { moments, at, clock, onMove, onLeave } = props;
  const { t } = useTranslation("history");
  const locale = useLocale();
  const slider = useRef<HTMLInputElement>(null);
  const last = moments.length - 1;
  const shown = moment(moments[at] ?? "", locale);
  const to = (next: number) => onMove(Math.min(Math.max(next, 0), last));
  useEffect(() => slider.current?.focus(), []);
  useHotkeys([
    ["Escape", onLeave],
    ["ArrowLeft", () => to(at - forward())],
    ["ArrowRight", () => to(at + forward())],
    ["shift+ArrowLeft", () => to(dayStep(moments, at, sign(-forward())))],
    ["shift+ArrowRight", () => to(dayStep(moments, at, sign(forward())))],
    ["Home", () => to(0)],
    ["End", () => to(last)],
  ]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") onLeave();
    const way = { ArrowLeft: -forward(), ArrowRight: forward() }[event.key];
    if (way === undefined || !event.shiftKey) return;
    event.preventDefault();
    to(dayStep(moments, at, sign(way)));
  };
  return (
    <section className={css.bar} aria-label={t("title")}>
      <div className={css.line}>
        <IconHistory size={16} aria-hidden />
        <p className={css.asOf} aria-live="polite">
          {t("asOf", { moment: shown })}
        </p>
        <span className="small quiet number">{props.place}</span>
        <span className={css.end}>
          <NativeSelect
            aria-label={t("clock")}
            value={clock}
            onChange={(event) => props.onClock(event.currentTarget.value as Clock)}
            data={(["effective", "recorded"] as const).map((value) => ({
              value,
              label: t(value),
            }))}
          />
          <Button onClick={onLeave}>{t("leave")}</Button>
        </span>
      </div>
      <div className={css.line}>
        <Step label={t("first")} onStep={() => to(0)} off={at === 0}>
          <IconChevronsLeft size={16} className={css.turns} />
        </Step>
        <Step label={t("previous")} onStep={() => to(at - 1)} off={at === 0}>
          <IconChevronLeft size={16} className={css.turns} />
        </Step>
        <input
          ref={slider}
          className={css.slider}
          type="range"
          aria-label={t("at")}
          aria-valuetext={shown}
          title={t("keys")}
          min={0}
          max={last}
          value={at}
          onChange={(event) => to(Number(event.currentTarget.value))}
          onKeyDown={onKey}
        />
        <Step label={t("next")} onStep={() => to(at + 1)} off={at === last}>
          <IconChevronRight size={16} className={css.turns} />
        </Step>
        <Step label={t("last")} onStep={() => to(last)} off={at === last}>
          <IconChevronsRight size={16} className={css.turns} />
        </Step>
      </div>
      {props.children}
    </section>
  );
}

function Step(props: { label: string; onStep: () => void; off: boolean; children: ReactNode }) {
  return (
    <ActionIcon
      variant="default"
      aria-label={props.label}
      onClick={props.onStep}
      disabled={props.off}
    >
      {props.children}
    </ActionIcon>
  );
}

/** To the right lies the later one, or the earlier where one reads from the right. */
function forward(): 1 | -1 {
  return document.documentElement.dir === "rtl" ? -1 : 1;
}

function sign(way: number): 1 | -1 {
  return way > 0 ? 1 : -1;
}
