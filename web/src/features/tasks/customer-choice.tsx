import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { known } from "@/shared/text";
import { useFound } from "./queries";

type Chosen = { id: string; name: string };

/** For which customer something is, if for one: found by what is typed. */
export function CustomerChoice(props: {
  chosen: Chosen | undefined;
  onChoose: (customer: Chosen | undefined) => void;
  error: string | undefined;
}) {
  const { chosen, onChoose } = props;
  const { t } = useTranslation("tasks");
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 80);
  const found = useFound(asked).data;
  if (chosen !== undefined) {
    return (
      <div>
        <p className="small">{t("customer")}</p>
        <div className="row">
          <span className="cut">{chosen.name}</span>
          <CloseButton
            size="sm"
            aria-label={t("customerRemove", { name: chosen.name })}
            onClick={() => onChoose(undefined)}
          />
        </div>
      </div>
    );
  }
  return (
    <div className="stack">
      <TextInput
        label={t("customer")}
        placeholder={t("customerNone")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={props.error}
      />
      <ul aria-live="polite">
        {found?.map(({ id, display_name, emails }) => (
          <li key={id}>
            <button
              type="button"
              className="link"
              onClick={() => {
                setText("");
                onChoose({ id, name: known(display_name) ?? id });
              }}
            >
              {known(display_name)}
            </button>{" "}
            <span className="small quiet">
              {known((emails?.[0] as { address?: unknown } | undefined)?.address)}
            </span>
          </li>
        ))}
        {found?.length === 0 && <li className="quiet">{t("noCustomer", { text: asked })}</li>}
      </ul>
    </div>
  );
}
