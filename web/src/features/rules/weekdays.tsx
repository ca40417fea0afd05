import { Checkbox, InputWrapper } from "@mantine/core";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/InlineInput.css";
import { useTranslation } from "react-i18next";
import css from "./rules.module.css";

const DAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

export function Weekdays(props: {
  days: string[];
  onDays: (days: string[]) => void;
  error: string | undefined;
}) {
  const { t } = useTranslation("rules");
  return (
    <InputWrapper label={t("weekdays")} labelElement="div" error={props.error}>
      <div className={css.days}>
        {DAYS.map((day) => (
          <Checkbox
            key={day}
            size="xs"
            label={t(`day_${day}`)}
            checked={props.days.includes(day)}
            onChange={({ currentTarget: { checked } }) =>
              props.onDays(DAYS.filter((one) => (one === day ? checked : props.days.includes(one))))
            }
          />
        ))}
      </div>
    </InputWrapper>
  );
}
