import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isNumber, type Line, Lines, written } from "@/shared/lines";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { type Invoice, useIssueCreditNote } from "./queries";

/** Gives back what an invoice asked for, or a part of it. */
export function NewCreditNote(props: { customer: string; invoice: Invoice; onClose: () => void }) {
  const { invoice, onClose } = props;
  const { t } = useTranslation(["creditNotes", "translation"]);
  const issue = useIssueCreditNote(props.customer);
  const [lines, setLines] = useState(() => linesOf(invoice));
  const [reason, setReason] = useState("");
  const [isChecked, setChecked] = useState(false);
  const refused = refusal(issue.error)?.field("reason");
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const isWhole = lines.every((line) => isNumber(line.quantity) && isNumber(line.unit_price));
    if (!isWhole || reason.trim() === "") return;
    issue.mutate(
      { invoice: invoice.id, reason: reason.trim(), lines: written(lines) },
      { onSuccess: onClose },
    );
  };
  return (
    <SideDrawer title={t("title", { number: invoice.number })} onClose={onClose}>
      <form className="form" onSubmit={send} noValidate>
        <Textarea
          label={t("reason")}
          rows={2}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={isChecked && reason.trim() === "" ? t("reasonMissing") : refused}
        />
        <Lines
          lines={lines}
          onLines={setLines}
          currency={invoice.total.currency}
          wrong={(at, field) =>
            isChecked && !isNumber(lines[at]?.[field] ?? "")
              ? t("line.noNumber", { ns: "translation" })
              : undefined
          }
        />
        <p className="small quiet">{t("hint")}</p>
        {refused === undefined && <NotSaved error={issue.error} />}
        <div className="row">
          <Button type="submit" variant="filled" loading={issue.isPending}>
            {t("issue")}
          </Button>
          <Button onClick={onClose}>{t("action.cancel", { ns: "translation" })}</Button>
        </div>
      </form>
    </SideDrawer>
  );
}

function linesOf(invoice: Invoice): Line[] {
  const lines: Record<string, unknown>[] = invoice.lines;
  return lines.map(({ description, quantity, unit_price }, id) => ({
    id,
    description: known(description) ?? "",
    quantity: `${quantity}`,
    unit_price: `${unit_price}`,
  }));
}
