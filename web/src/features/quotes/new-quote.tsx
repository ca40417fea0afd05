import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { localDay } from "@/shared/format";
import { blank, isNumber, type Line, Lines, written } from "@/shared/lines";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { useDraftQuote } from "./queries";

const MONTH_MS = 30 * 86_400_000;

export function NewQuote(props: {
  customer: string;
  currency: string | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const draft = useDraftQuote(props.customer);
  const [lines, setLines] = useState<Line[]>([blank(0)]);
  const [until, setUntil] = useState(() => localDay(new Date(Date.now() + MONTH_MS)));
  const [typed, setCurrency] = useState<string>();
  const [isChecked, setChecked] = useState(false);
  const currency = typed ?? props.currency ?? "";
  const refused = refusal(draft.error);
  const wrong = (at: number, field: "quantity" | "unit_price") =>
    isChecked && !isNumber(lines[at]?.[field] ?? "") ? t("line.noNumber") : undefined;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const isWhole = lines.every((line) => isNumber(line.quantity) && isNumber(line.unit_price));
    if (!isWhole || until === "" || currency === "") return;
    draft.mutate(
      { valid_until: until, currency, lines: written(lines) },
      { onSuccess: props.onDone },
    );
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <Lines lines={lines} onLines={setLines} currency={currency} wrong={wrong} />
      <TextInput
        label={t("quote.validUntil")}
        type="date"
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
        error={isChecked && until === "" ? t("quote.untilMissing") : refused?.field("valid_until")}
      />
      <TextInput
        label={t("line.currency")}
        maxLength={3}
        value={currency}
        onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
        error={
          isChecked && currency === "" ? t("line.currencyMissing") : refused?.field("currency")
        }
      />
      <NotSaved error={draft.error} />
      <div className="row">
        <Button type="submit" variant="filled" loading={draft.isPending}>
          {t("quote.save")}
        </Button>
        <Button onClick={props.onDone}>{t("action.cancel")}</Button>
      </div>
    </form>
  );
}
