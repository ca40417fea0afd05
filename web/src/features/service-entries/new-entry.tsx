import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { localDay } from "@/shared/format";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { KINDS, type Kind, useAddEntry } from "./queries";

export function NewEntry({ customer, onDone }: { customer: string; onDone: () => void }) {
  const { t } = useTranslation();
  const add = useAddEntry(customer);
  const [kind, setKind] = useState<Kind>("delivery");
  const [title, setTitle] = useState("");
  const [on, setOn] = useState(() => localDay(new Date()));
  const [isChecked, setChecked] = useState(false);
  const refused = refusal(add.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (title.trim() === "" || on === "") return;
    add.mutate({ kind, title: title.trim(), scheduled_for: on }, { onSuccess: onDone });
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <NativeSelect
        label={t("service.kind")}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as Kind)}
        data={KINDS.map((value) => ({ value, label: t(`service.${value}`) }))}
      />
      <TextInput
        label={t("service.what")}
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        error={
          isChecked && title.trim() === "" ? t("service.whatMissing") : refused?.field("title")
        }
      />
      <TextInput
        label={t("service.on")}
        type="date"
        value={on}
        onChange={(event) => setOn(event.currentTarget.value)}
        error={isChecked && on === "" ? t("service.onMissing") : refused?.field("scheduled_for")}
      />
      {refused?.problem.status !== 422 && <NotSaved error={add.error} />}
      <div className="row">
        <Button type="submit" variant="filled" loading={add.isPending}>
          {t("service.save")}
        </Button>
        <Button onClick={onDone}>{t("action.cancel")}</Button>
      </div>
    </form>
  );
}
