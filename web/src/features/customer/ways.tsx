import { Button, CloseButton, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { useAddWay, useRemoveWay, type Way } from "./contact-queries";
import css from "./customer.module.css";

const FIELDS = { emails: "address", phones: "number" } as const;
type Row = { text: string; label: string | undefined; isFirst: boolean };

/** E-mails or phone numbers: each may be labelled, made the first, or taken away. */
export function Ways({ customer, way }: { customer: Customer; way: Way }) {
  const { t } = useTranslation("contact");
  const remove = useRemoveWay(customer.id, way);
  const rows = ((customer[way] ?? []) as Record<string, unknown>[]).map((row) => ({
    text: known(row[FIELDS[way]]) ?? "",
    label: known(row.label),
    isFirst: row.primary === true,
  }));
  return (
    <section className="stack">
      <h3>{t(way)}</h3>
      <ul>
        {rows.map((row) => (
          <WayRow
            key={row.text}
            customer={customer.id}
            way={way}
            row={row}
            onRemove={() => remove.mutate({ text: row.text })}
          />
        ))}
      </ul>
      <NotSaved error={remove.error} />
      <NewWay customer={customer.id} way={way} />
    </section>
  );
}

function WayRow(props: { customer: string; way: Way; row: Row; onRemove: () => void }) {
  const { row } = props;
  const { t } = useTranslation("contact");
  const change = useAddWay(props.customer, props.way);
  const [label, setLabel] = useState<string>();
  const wrong = refusal(change.error)?.field("label");
  const save = (event: FormEvent) => {
    event.preventDefault();
    const text = (label ?? "").trim();
    if (text === "" || text === row.label) return setLabel(undefined);
    change.mutate({ text: row.text, label: text }, { onSuccess: () => setLabel(undefined) });
  };
  return (
    <li>
      <div className="between">
        <span className={`row ${css.way}`}>
          <bdi className="cut" dir="ltr" title={row.text}>
            {row.text}
          </bdi>
          {label === undefined && (
            <button
              type="button"
              className={`link small ${css.label}`}
              aria-label={t("labelOf", { text: row.text, label: row.label ?? t("noLabel") })}
              onClick={() => setLabel(row.label ?? "")}
            >
              {row.label ?? t("addLabel")}
            </button>
          )}
        </span>
        <span className="row">
          {row.isFirst ? (
            <span className="small quiet">{t("first")}</span>
          ) : (
            <Button
              variant="subtle"
              aria-label={t("makeFirstWhich", { text: row.text })}
              onClick={() => change.mutate({ text: row.text, primary: true })}
            >
              {t("makeFirst")}
            </Button>
          )}
          <CloseButton
            size="sm"
            aria-label={t("remove", { text: row.text })}
            onClick={props.onRemove}
          />
        </span>
      </div>
      {label !== undefined && (
        <form className="row" onSubmit={save} noValidate>
          <TextInput
            className={css.grows}
            aria-label={t("label")}
            placeholder={t("labelHint")}
            autoFocus
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={wrong}
          />
          <Button type="submit" loading={change.isPending}>
            {t("saveLabel")}
          </Button>
        </form>
      )}
      {wrong === undefined && <NotSaved error={change.error} />}
    </li>
  );
}

function NewWay({ customer, way }: { customer: string; way: Way }) {
  const { t } = useTranslation("contact");
  const add = useAddWay(customer, way);
  const [text, setText] = useState("");
  const [country, setCountry] = useState("");
  const refused = refusal(add.error);
  const wrong = refused?.field(FIELDS[way]);
  // A number that says its country needs no other.
  const asksCountry = way === "phones" && /^[^+\s]/.test(text.trim());
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    const of = asksCountry ? country.trim().toUpperCase() : "";
    add.mutate(
      { text: text.trim(), country: of === "" ? undefined : of },
      { onSuccess: () => setText("") },
    );
  };
  return (
    <form className="stack" onSubmit={send} noValidate>
      <div className="row">
        <TextInput
          className={css.grows}
          aria-label={t(`${way}New`)}
          placeholder={t(`${way}New`)}
          type={way === "emails" ? "email" : "tel"}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={wrong}
        />
        <Button type="submit" loading={add.isPending}>
          {t("add")}
        </Button>
      </div>
      {asksCountry && (
        <TextInput
          label={t("phoneCountry")}
          description={t("phoneCountryHint")}
          maxLength={2}
          value={country}
          onChange={(event) => setCountry(event.currentTarget.value)}
          error={refused?.field("country")}
        />
      )}
      {(refused?.fields.length ?? 0) === 0 && <NotSaved error={add.error} />}
    </form>
  );
}
