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

/** E-mails or phone numbers: each may be made the first, or taken away. */
export function Ways({ customer, way }: { customer: Customer; way: Way }) {
  const { t } = useTranslation("contact");
  const add = useAddWay(customer.id, way);
  const remove = useRemoveWay(customer.id, way);
  const [text, setText] = useState("");
  const field = FIELDS[way];
  const rows = ((customer[way] ?? []) as Record<string, unknown>[]).map((row) => ({
    text: known(row[field]) ?? "",
    isFirst: row.primary === true,
  }));
  const wrong = refusal(add.error)?.field(field);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") add.mutate({ text: text.trim() }, { onSuccess: () => setText("") });
  };
  return (
    <section className="stack">
      <h3>{t(way)}</h3>
      <ul>
        {rows.map((row) => (
          <li key={row.text} className="between">
            <bdi className="cut" dir="ltr">
              {row.text}
            </bdi>
            <span className="row">
              {row.isFirst ? (
                <span className="small quiet">{t("first")}</span>
              ) : (
                <Button
                  variant="subtle"
                  aria-label={t("makeFirstWhich", { text: row.text })}
                  onClick={() => add.mutate({ text: row.text, primary: true })}
                >
                  {t("makeFirst")}
                </Button>
              )}
              <CloseButton
                size="sm"
                aria-label={t("remove", { text: row.text })}
                onClick={() => remove.mutate({ text: row.text })}
              />
            </span>
          </li>
        ))}
      </ul>
      <form className="row" onSubmit={send} noValidate>
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
      </form>
      {wrong === undefined && <NotSaved error={add.error ?? remove.error} />}
    </section>
  );
}
