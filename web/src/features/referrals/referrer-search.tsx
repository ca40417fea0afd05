import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { useFound, useSetReferrer } from "./queries";

export function ReferrerSearch({ customer, onDone }: { customer: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 80);
  const found = useFound(asked);
  const set = useSetReferrer(customer);
  return (
    <div className="form">
      <TextInput
        label={t("referral.search")}
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onDone()}
      />
      <ul className="stack" aria-live="polite">
        {found.data?.map(({ id, display_name, emails }) => (
          <li key={id}>
            <button
              type="button"
              className="link"
              onClick={() => set.mutate({ referrer: id }, { onSuccess: onDone })}
            >
              {known(display_name)}
            </button>{" "}
            <span className="small quiet">{known(emails?.[0]?.address)}</span>
          </li>
        ))}
        {asked !== "" && found.data?.length === 0 && (
          <li className="quiet">{t("directory.noMatch", { text: asked })}</li>
        )}
      </ul>
      <NotSaved error={set.error} />
      <div>
        <Button onClick={onDone}>{t("action.cancel")}</Button>
      </div>
    </div>
  );
}
