import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { blank, isNumber, type Line, Lines, written } from "@/shared/lines";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { useIssueInvoice } from "./queries";

export function NewInvoiceForm(props: {
  customer: string;
  currency: string | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const issue = useIssueInvoice(props.customer);
  const [lines, setLines] = useState<Line[]>([blank(0)]);
  const [due, setDue] = useState("");
  const [typed, setCurrency] = useState<string>();
  const [isChecked, setChecked] = useState(false);
  const currency = typed ?? props.currency ?? "";
  const refused = refusal(issue.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const isWhole = lines.every((line) => isNumber(line.quantity) && isNumber(line.unit_price));
    if (!isWhole || currency === "") return;
    const due_on = due === "" ? undefined : due;
    issue.mutate({ due_on, currency, lines: written(lines) }, { onSuccess: props.onDone });
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <h2>{t("invoice.new")}</h2>
      <Lines
        lines={lines}
        onLines={setLines}
        currency={currency}
        wrong={(at, field) =>
          isChecked && !isNumber(lines[at]?.[field] ?? "") ? t("line.noNumber") : undefined
        }
      />
      <TextInput
        label={t("invoice.dueOn")}
        description={t("invoice.dueHint")}
        type="date"
        value={due}
        onChange={(event) => setDue(event.currentTarget.value)}
        error={refused?.field("due_on")}
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
      <NotSaved error={issue.error} />
      <div className="row">
        <Button type="submit" variant="filled" loading={issue.isPending}>
          {t("invoice.issue")}
        </Button>
        <Button onClick={props.onDone}>{t("action.cancel")}</Button>
      </div>
    </form>
  );
}
