import { ActionIcon, Button, CloseButton, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asWords } from "@/shared/text";
import css from "./settings.module.css";

/** Statuses in their order, which is changed by buttons, so that it takes no mouse. */
export function StatusList(props: {
  statuses: string[];
  onStatuses: (statuses: string[]) => void;
  error?: string;
}) {
  const { statuses, onStatuses } = props;
  const { t } = useTranslation("settings");
  const [text, setText] = useState("");
  const word = text.trim().toLowerCase().replaceAll(/\s+/g, "_");
  const add = () => {
    if (word === "" || statuses.includes(word)) return;
    onStatuses([...statuses, word]);
    setText("");
  };
  const move = (at: number, by: -1 | 1) => {
    const next = [...statuses];
    const [moved = ""] = next.splice(at, 1);
    next.splice(at + by, 0, moved);
    onStatuses(next);
  };
  return (
    <fieldset className={css.checks}>
      <legend className="small">{t("folders.statuses")}</legend>
      <ol className={css.statuses}>
        {statuses.map((status, at) => (
          <li key={status} className="between">
            {asWords(status)}
            <span className="row">
              <ActionIcon
                variant="subtle"
                aria-label={t("folders.up", { status: asWords(status) })}
                disabled={at === 0}
                onClick={() => move(at, -1)}
              >
                <IconChevronUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                aria-label={t("folders.down", { status: asWords(status) })}
                disabled={at === statuses.length - 1}
                onClick={() => move(at, 1)}
              >
                <IconChevronDown size={16} />
              </ActionIcon>
              <CloseButton
                size="sm"
                aria-label={t("folders.take", { status: asWords(status) })}
                onClick={() => onStatuses(statuses.filter((other) => other !== status))}
              />
            </span>
          </li>
        ))}
      </ol>
      <div className="row">
        <TextInput
          aria-label={t("folders.newStatus")}
          placeholder={t("folders.newStatus")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
          error={props.error}
        />
        <Button onClick={add}>{t("folders.addStatus")}</Button>
      </div>
    </fieldset>
  );
}
