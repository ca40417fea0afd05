import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LinesForm } from "@/shared/lines-form";
import { useIssueInvoice } from "./queries";

export function NewInvoiceForm(props: {
  customer: string;
  currency: string | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const issue = useIssueInvoice(props.customer);
  const [due, setDue] = useState("");
  return (
    <section className="stack">
      <h2>{t("invoice.new")}</h2>
      <LinesForm
        currency={props.currency}
        command={issue}
        save={t("invoice.issue")}
        onSave={(body) =>
          issue.mutate(
            { ...body, due_on: due === "" ? undefined : due },
            { onSuccess: props.onDone },
          )
        }
        onCancel={props.onDone}
      >
        {(_, refused) => (
          <TextInput
            label={t("invoice.dueOn")}
            description={t("invoice.dueHint")}
            type="date"
            value={due}
            onChange={(event) => setDue(event.currentTarget.value)}
            error={refused?.field("due_on")}
          />
        )}
      </LinesForm>
    </section>
  );
}
