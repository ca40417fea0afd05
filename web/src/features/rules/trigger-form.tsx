import { CloseButton, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Trigger } from "./definition";
import { useWrong } from "./errors";
import { PeriodField } from "./period-field";
import { useEventTypes } from "./queries";
import css from "./rules.module.css";
import { Weekdays } from "./weekdays";
import { eventWords } from "./words";

type Props = { trigger: Trigger; onTrigger: (trigger: Trigger) => void };

/** What sets the rule off: events, a schedule, or a date. */
export function TriggerForm({ trigger, onTrigger }: Props) {
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const kind = trigger.schedule ? "schedule" : trigger.date ? "date" : "events";
  const begin = (next: string) => {
    if (next === "events") onTrigger({ events: [] });
    if (next === "schedule") onTrigger({ schedule: { every: "day", at: "09:00" } });
    if (next === "date") onTrigger({ date: { field: "invoice.due_on", at: "09:00" } });
  };
  return (
    <>
      <NativeSelect
        className={css.choice}
        aria-label={t("kind")}
        value={kind}
        onChange={(event) => begin(event.currentTarget.value)}
        data={(["events", "schedule", "date"] as const).map((value) => ({
          value,
          label: t(`by_${value}`),
        }))}
        error={wrong("/trigger")}
      />
      {kind === "events" && <Events trigger={trigger} onTrigger={onTrigger} />}
      {trigger.schedule && <ScheduleForm trigger={trigger} onTrigger={onTrigger} />}
      {trigger.date && <DateForm trigger={trigger} onTrigger={onTrigger} />}
    </>
  );
}

function Events({ trigger, onTrigger }: Props) {
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const types = useEventTypes().data ?? [];
  const events = trigger.events ?? [];
  return (
    <>
      <ul>
        {events.map((event) => (
          <li key={event} className="row">
            <span>{eventWords(event)}</span>
            <CloseButton
              size="sm"
              aria-label={t("remove", { what: eventWords(event) })}
              onClick={() => onTrigger({ events: events.filter((other) => other !== event) })}
            />
          </li>
        ))}
      </ul>
      <NativeSelect
        className={css.choice}
        aria-label={t("addEvent")}
        value=""
        onChange={({ currentTarget: { value } }) =>
          value !== "" && onTrigger({ events: [...events, value] })
        }
        data={[
          { value: "", label: t("addEvent") },
          ...types
            .filter((type) => !events.includes(type))
            .map((type) => ({ value: type, label: eventWords(type) })),
        ]}
        error={wrong("/trigger/events", true)}
      />
    </>
  );
}

function ScheduleForm({ trigger, onTrigger }: Props) {
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const schedule = trigger.schedule ?? { every: "day", at: "09:00" };
  const set = (part: Partial<typeof schedule>) => onTrigger({ schedule: { ...schedule, ...part } });
  return (
    <div className={css.line}>
      <NativeSelect
        label={t("every")}
        value={schedule.every}
        onChange={({ currentTarget: { value: every } }) =>
          onTrigger({ schedule: { every, at: schedule.at, ...(every === "month" && { day: 1 }) } })
        }
        data={(["day", "week", "month"] as const).map((value) => ({
          value,
          label: t(`every_${value}`),
        }))}
      />
      {schedule.every === "week" && (
        <Weekdays
          days={schedule.weekdays ?? []}
          onDays={(weekdays) => set({ weekdays })}
          error={wrong("/trigger/schedule/weekdays", true)}
        />
      )}
      {schedule.every === "month" && (
        <NumberInput
          size="xs"
          label={t("dayOfMonth")}
          min={1}
          max={31}
          hideControls
          value={schedule.day ?? ""}
          onChange={(day) => set({ day: typeof day === "number" ? day : undefined })}
          error={wrong("/trigger/schedule/day")}
        />
      )}
      <TextInput
        type="time"
        label={t("time")}
        value={schedule.at}
        onChange={(event) => set({ at: event.currentTarget.value })}
        error={wrong("/trigger/schedule/at")}
      />
    </div>
  );
}

const DATES = ["invoice.due_on", "task.due_on", "quote.valid_until"] as const;

function DateForm({ trigger, onTrigger }: Props) {
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const date = trigger.date ?? { field: DATES[0], at: "09:00" };
  const set = (part: Partial<typeof date>) => onTrigger({ date: { ...date, ...part } });
  return (
    <div className={css.line}>
      <NativeSelect
        label={t("date")}
        value={date.field}
        onChange={(event) => set({ field: event.currentTarget.value })}
        data={DATES.map((value) => ({
          value,
          label: t(`date_${value.replace(".", "_")}` as "date_task_due_on"),
        }))}
        error={wrong("/trigger/date/field")}
      />
      <PeriodField
        label={t("offset")}
        value={date.offset ?? ""}
        units="DWMY"
        isSigned
        onChange={(offset) => set({ offset: offset === "" ? undefined : offset })}
        error={wrong("/trigger/date/offset")}
      />
      <TextInput
        type="time"
        label={t("time")}
        value={date.at}
        onChange={(event) => set({ at: event.currentTarget.value })}
        error={wrong("/trigger/date/at")}
      />
    </div>
  );
}
