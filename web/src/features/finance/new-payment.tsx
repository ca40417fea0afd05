import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { localDay } from "@/shared/format";
import { isNumber, plain } from "@/shared/lines";
import { CurrencyField } from "@/shared/lines-form";
import { Money } from "@/shared/money";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { useInvoices, useRecordPayment } from "./queries";
import { split } from "./split";

/** A payment on one invoice, or on account; what it comes to is said before it is saved. */
export function NewPaymentForm(props: {
  customer: string;
  currency: string | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const record = useRecordPayment(props.customer);
  const open = rowsOf(useInvoices(props.customer).data).filter(({ state }) => state !== "paid");
  const [amount, setAmount] = useState("");
  const [chosen, setInvoice] = useState<string>();
  const [on, setOn] = useState(() => localDay(new Date()));
  const [reference, setReference] = useState("");
  const [typed, setCurrency] = useState("");
  const [isChecked, setChecked] = useState(false);
  const invoice = open.find(({ id }) => id === (chosen ?? open[0]?.id));
  const known = invoice?.total.currency ?? props.currency;
  const currency = known ?? typed;
  const isRight = isNumber(amount) && !plain(amount).startsWith("-");
  const parts = isRight ? split(plain(amount), invoice?.open.amount) : undefined;
  const refused = refusal(record.error);

  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isRight || currency === "") return;
    record.mutate(
      {
        amount: { amount: plain(amount), currency },
        received_on: on,
        reference: reference.trim() === "" ? undefined : reference.trim(),
        allocations: invoice === undefined ? [] : [{ invoice: invoice.id }],
      },
      { onSuccess: props.onDone },
    );
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <h2>{t("payment.new")}</h2>
      <TextInput
        label={`${t("payment.amount")} ${currency}`.trim()}
        inputMode="decimal"
        autoFocus
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        error={isChecked && !isRight ? t("line.noNumber") : refused?.field("amount")}
      />
      <NativeSelect
        label={t("payment.for")}
        value={invoice?.id ?? ""}
        onChange={(event) => setInvoice(event.currentTarget.value)}
        data={[
          ...open.map(({ id, number, open: left }) => ({
            value: id,
            label: `${number} · ${left.amount} ${left.currency}`,
          })),
          { value: "", label: t("payment.onAccount") },
        ]}
      />
      <TextInput
        label={t("payment.on")}
        type="date"
        value={on}
        onChange={(event) => setOn(event.currentTarget.value)}
        error={refused?.field("received_on")}
      />
      <TextInput
        label={t("payment.reference")}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
        error={refused?.field("reference")}
      />
      {known === undefined && (
        <CurrencyField
          currency={typed}
          onCurrency={setCurrency}
          isChecked={isChecked}
          error={refused?.field("amount")}
        />
      )}
      {parts && (
        <p aria-live="polite">
          {t("payment.allocated")} <Money amount={parts.allocated} currency={currency} />
          {" · "}
          {t("payment.credit")} <Money amount={parts.credit} currency={currency} />
        </p>
      )}
      <NotSaved error={record.error} />
      <div className="row">
        <Button type="submit" variant="filled" loading={record.isPending}>
          {t("payment.save")}
        </Button>
        <Button onClick={props.onDone}>{t("action.cancel")}</Button>
      </div>
    </form>
  );
}
