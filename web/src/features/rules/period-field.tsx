import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import css from "./rules.module.css";
import { plainPeriod } from "./words";

type Props = {
  label: string;
  value: string;
  /** Letters of the units that may be chosen. */
  units?: string;
  /** Whether it may also lie before. */
  isSigned?: boolean;
  onChange: (value: string) => void;
  error: string | undefined;
};

/** A time as a number and a unit; what is not as simple stays the text that it is. */
export function PeriodField({ label, value, units = "HDWM", isSigned, onChange, error }: Props) {
  const { t } = useTranslation("rules");
  const plain = plainPeriod(value);
  if (value !== "" && plain === undefined) {
    return (
      <TextInput
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
    );
  }
  const write = (count: string, letter: string, isBefore: boolean) => {
    const digits = count.replaceAll(/\D/g, "");
    const time = letter === "H" ? "PT" : "P";
    onChange(digits === "" ? "" : `${isBefore ? "-" : ""}${time}${digits}${letter}`);
  };
  const letter = plain?.letter ?? "D";
  const isBefore = plain?.isBefore ?? false;
  const count = plain === undefined ? "" : `${plain.count}`;
  return (
    <div className={css.line}>
      <TextInput
        label={label}
        inputMode="numeric"
        value={count}
        onChange={(event) => write(event.currentTarget.value, letter, isBefore)}
        error={error}
      />
      <NativeSelect
        label={t("unit")}
        value={letter}
        onChange={(event) => write(count, event.currentTarget.value, isBefore)}
        data={[...units].map((unit) => ({ value: unit, label: t(`unit_${unit}` as "unit_D") }))}
      />
      {isSigned && (
        <NativeSelect
          label={t("direction")}
          value={isBefore ? "before" : "after"}
          onChange={(event) => write(count, letter, event.currentTarget.value === "before")}
          data={[
            { value: "before", label: t("isBefore") },
            { value: "after", label: t("isAfter") },
          ]}
        />
      )}
    </div>
  );
}
