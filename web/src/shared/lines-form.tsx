import { Button, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { blank, isNumber, type Line, Lines, written } from "./lines";
import { type Refused, refusal } from "./problem";
import { NotSaved } from "./states";

type Body = { currency: string; lines: ReturnType<typeof written> };

/** Lines with what else a document needs, which stands below them. */
export function LinesForm(props: {
  currency: string | undefined;
  command: { error: Error | null; isPending: boolean };
  save: string;
  onSave: (body: Body) => void;
  onCancel: () => void;
  isWhole?: boolean;
  children: (isChecked: boolean, refused: Refused | undefined) => ReactNode;
}) {
  const { command, isWhole = true } = props;
  const { t } = useTranslation();
  const [lines, setLines] = useState<Line[]>([blank(0)]);
  const [typed, setCurrency] = useState<string>();
  const [isChecked, setChecked] = useState(false);
  const currency = typed ?? props.currency ?? "";
  const refused = refusal(command.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const areNumbers = lines.every((line) => isNumber(line.quantity) && isNumber(line.unit_price));
    if (areNumbers && isWhole && currency !== "") props.onSave({ currency, lines: written(lines) });
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <Lines
        lines={lines}
        onLines={setLines}
        currency={currency}
        wrong={(at, field) =>
          isChecked && !isNumber(lines[at]?.[field] ?? "") ? t("line.noNumber") : undefined
        }
      />
      {props.children(isChecked, refused)}
      <CurrencyField
        currency={currency}
        onCurrency={setCurrency}
        isChecked={isChecked}
        error={refused?.field("currency")}
      />
      <NotSaved error={command.error} />
      <div className="row">
        <Button type="submit" variant="filled" loading={command.isPending}>
          {props.save}
        </Button>
        <Button onClick={props.onCancel}>{t("action.cancel")}</Button>
      </div>
    </form>
  );
}

export function CurrencyField(props: {
  currency: string;
  onCurrency: (currency: string) => void;
  isChecked: boolean;
  error: string | undefined;
}) {
  const { t } = useTranslation();
  const isMissing = props.isChecked && props.currency === "";
  return (
    <TextInput
      label={t("line.currency")}
      maxLength={3}
      value={props.currency}
      onChange={(event) => props.onCurrency(event.currentTarget.value.toUpperCase())}
      error={isMissing ? t("line.currencyMissing") : props.error}
    />
  );
}
