import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { localDay } from "@/shared/format";
import { LinesForm } from "@/shared/lines-form";
import { useDraftQuote } from "./queries";

const MONTH_MS = 30 * 86_400_000;

export function NewQuote(props: {
  customer: string;
  currency: string | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const draft = useDraftQuote(props.customer);
  const [until, setUntil] = useState(() => localDay(new Date(Date.now() + MONTH_MS)));
  return (
    <LinesForm
      currency={props.currency}
      command={draft}
      save={t("quote.save")}
      onSave={(body) => draft.mutate({ ...body, valid_until: until }, { onSuccess: props.onDone })}
      onCancel={props.onDone}
      isWhole={until !== ""}
    >
      {(isChecked, refused) => (
        <TextInput
          label={t("quote.validUntil")}
          type="date"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
          error={
            isChecked && until === "" ? t("quote.untilMissing") : refused?.field("valid_until")
          }
        />
      )}
    </LinesForm>
  );
}
