import { Button, CloseButton, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { useRemoveExternalId, useSetExternalId } from "./contact-queries";
import css from "./customer.module.css";

/** Under which ids other systems know the customer. */
export function ExternalIds({ customer }: { customer: Customer }) {
  const { t } = useTranslation("contact");
  const set = useSetExternalId(customer.id);
  const remove = useRemoveExternalId(customer.id);
  const [form, setForm] = useState({ source: "", id: "" });
  const refused = refusal(set.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const { source, id } = form;
    if (source.trim() === "" || id.trim() === "") return;
    set.mutate(
      { source: source.trim(), id: id.trim() },
      { onSuccess: () => setForm({ source: "", id: "" }) },
    );
  };
  return (
    <section className="stack">
      <h3>{t("externalIds")}</h3>
      <ul>
        {Object.entries(customer.external_ids ?? {}).map(([source, id]) => (
          <li key={source} className="between">
            <span>
              <span className="quiet">{source}</span> <bdi dir="ltr">{`${id}`}</bdi>
            </span>
            <CloseButton
              size="sm"
              aria-label={t("remove", { text: `${source} ${id}` })}
              onClick={() => remove.mutate({ source })}
            />
          </li>
        ))}
      </ul>
      <form className="row" onSubmit={send} noValidate>
        <TextInput
          className={css.grows}
          aria-label={t("source")}
          placeholder={t("source")}
          value={form.source}
          onChange={(event) => setForm({ ...form, source: event.currentTarget.value })}
          error={refused?.field("source")}
        />
        <TextInput
          className={css.grows}
          aria-label={t("idThere")}
          placeholder={t("idThere")}
          value={form.id}
          onChange={(event) => setForm({ ...form, id: event.currentTarget.value })}
          error={refused?.field("id")}
        />
        <Button type="submit" loading={set.isPending}>
          {t("add")}
        </Button>
      </form>
      {refused?.fields.length ? null : <NotSaved error={set.error ?? remove.error} />}
    </section>
  );
}
