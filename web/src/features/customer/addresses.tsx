import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { Clash } from "./clash";
import type { Texts } from "./conflict";
import { useAddAddress, useChangeAddress, useRemoveAddress } from "./contact-queries";
import { useMerged } from "./merged";

const LINES = ["line1", "line2", "postcode", "city", "region", "country"] as const;
type Row = Record<string, unknown>;

export function Addresses({ customer }: { customer: Customer }) {
  const { t } = useTranslation("contact");
  const [open, setOpen] = useState<string>();
  const remove = useRemoveAddress(customer.id);
  const rows = (customer.addresses ?? []) as Row[];
  const close = () => setOpen(undefined);
  return (
    <section className="stack">
      <h3>{t("addresses")}</h3>
      <ul className="stack">
        {rows.map((row) => (
          <li key={`${row.id}`}>
            {open === row.id ? (
              <ChangeAddress customer={customer} address={`${row.id}`} onDone={close} />
            ) : (
              <div className="between">
                <span>{inOneLine(row)}</span>
                <span className="row">
                  <Button
                    variant="subtle"
                    aria-label={t("changeWhich", { text: inOneLine(row) })}
                    onClick={() => setOpen(`${row.id}`)}
                  >
                    {t("change")}
                  </Button>
                  <Button
                    variant="subtle"
                    aria-label={t("remove", { text: inOneLine(row) })}
                    onClick={() => remove.mutate({ address: `${row.id}` })}
                  >
                    {t("removeShort")}
                  </Button>
                </span>
              </div>
            )}
          </li>
        ))}
      </ul>
      <NotSaved error={remove.error} />
      {open === "new" ? (
        <AddAddress customer={customer.id} onDone={close} />
      ) : (
        <div>
          <Button onClick={() => setOpen("new")}>{t("addressesNew")}</Button>
        </div>
      )}
    </section>
  );
}

function ChangeAddress(props: { customer: Customer; address: string; onDone: () => void }) {
  const { customer, address, onDone } = props;
  const change = useChangeAddress(customer.id, address);
  const rowOf = ({ addresses }: Customer) =>
    ((addresses ?? []) as Row[]).find(({ id }) => id === address);
  const { form, clashes, set, take, submit } = useMerged(
    customer,
    (of) => textsOf(rowOf(of)),
    (sent, told) => {
      const { label, primary } = rowOf(customer) ?? {};
      const kept = { label: known(label), primary: primary === true };
      change.mutate({ body: { ...bodyOf(sent.form), ...kept }, version: sent.version }, told);
    },
  );
  return (
    <AddressFields
      form={form}
      onText={set}
      error={change.error}
      isPending={change.isPending}
      clash={(field) => <Clash field={field} clashes={clashes} onTake={take} />}
      onSave={() => submit(onDone)}
      onCancel={onDone}
    />
  );
}

function AddAddress({ customer, onDone }: { customer: string; onDone: () => void }) {
  const add = useAddAddress(customer);
  const [form, setForm] = useState(() => textsOf(undefined));
  return (
    <AddressFields
      form={form}
      onText={(field) => (event) => setForm({ ...form, [field]: event.currentTarget.value })}
      error={add.error}
      isPending={add.isPending}
      onSave={() => add.mutate(bodyOf(form), { onSuccess: onDone })}
      onCancel={onDone}
    />
  );
}

function AddressFields(props: {
  form: Texts;
  onText: (field: string) => (event: { currentTarget: { value: string } }) => void;
  error: Error | null;
  isPending: boolean;
  clash?: (field: string) => React.ReactNode;
  onSave: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation(["contact", "translation"]);
  const [isChecked, setChecked] = useState(false);
  const refused = refusal(props.error);
  const isMissing = (props.form.line1 ?? "").trim() === "";
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isMissing) props.onSave();
  };
  const isStale = refused?.problem.code === "version_conflict";
  return (
    <form className="form" onSubmit={send} noValidate>
      {LINES.map((field, at) => (
        <div key={field} className="stack">
          <TextInput
            label={t(`line.${field}`)}
            description={field === "country" ? t("countryHint") : undefined}
            autoFocus={at === 0}
            value={props.form[field] ?? ""}
            onChange={props.onText(field)}
            error={
              isChecked && isMissing && field === "line1" ? t("lineMissing") : refused?.field(field)
            }
          />
          {props.clash?.(field)}
        </div>
      ))}
      {!isStale && !refused?.fields.length && <NotSaved error={props.error} />}
      <div className="row">
        <Button type="submit" variant="filled" loading={props.isPending}>
          {t("saveAddress")}
        </Button>
        <Button onClick={props.onCancel}>{t("action.cancel", { ns: "translation" })}</Button>
      </div>
    </form>
  );
}

function textsOf(row: Row | undefined): Texts {
  return Object.fromEntries(LINES.map((field) => [field, known(row?.[field]) ?? ""]));
}

function bodyOf(form: Texts) {
  const line = (field: (typeof LINES)[number]) => form[field]?.trim() || undefined;
  return {
    line1: form.line1?.trim() ?? "",
    line2: line("line2"),
    postcode: line("postcode"),
    city: line("city"),
    region: line("region"),
    country: line("country")?.toUpperCase(),
  };
}

function inOneLine(row: Row): string {
  return LINES.map((field) => known(row[field]))
    .filter((text) => text !== undefined)
    .join(", ");
}
