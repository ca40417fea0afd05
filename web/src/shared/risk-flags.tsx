import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "./api";
import { useCommand } from "./command";
import { refusal } from "./problem";
import { NotSaved } from "./states";

export const RISKS = [
  "overdue_payment",
  "frequent_refunds",
  "discount_dependency",
  "frequent_claims",
  "delivery_failures",
  "abusive_behavior",
  "cancellation_pattern",
  "manual_flag",
] as const;
export type Risk = (typeof RISKS)[number];

function useRaiseRisk(customer: string) {
  return useCommand<{ type: Risk; reason: string }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/risk-flags", {
        body,
        params: { path: { customer_id: customer }, header: once(key) },
      }),
  });
}

function useClearRisk(customer: string) {
  return useCommand<{ flag: string; reason: string }>(customer, {
    send: ({ flag, reason }, key) =>
      api.DELETE("/v1/customers/{customer_id}/risk-flags/{flag_id}", {
        body: { reason },
        params: { path: { customer_id: customer, flag_id: flag }, header: once(key) },
      }),
  });
}

/** A new risk flag, with its reason. */
export function RaiseRisk({ customer, onDone }: { customer: string; onDone: () => void }) {
  const { t } = useTranslation();
  const raise = useRaiseRisk(customer);
  const [type, setType] = useState<Risk>("overdue_payment");
  const reason = useReason(raise.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (reason.isGiven()) raise.mutate({ type, reason: reason.text }, { onSuccess: onDone });
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <NativeSelect
        label={t("risk.type")}
        value={type}
        onChange={(event) => setType(event.currentTarget.value as Risk)}
        data={RISKS.map((value) => ({ value, label: t(`risk.${value}`) }))}
      />
      <Textarea label={t("reason.label")} rows={3} {...reason.field} />
      {!reason.field.error && <NotSaved error={raise.error} />}
      <div>
        <Button type="submit" variant="filled" loading={raise.isPending}>
          {t("risk.raise")}
        </Button>
      </div>
    </form>
  );
}

/** A button that asks why the flag is cleared. */
export function ClearRisk({ customer, flag }: { customer: string; flag: string }) {
  const { t } = useTranslation();
  const clear = useClearRisk(customer);
  const [open, setOpen] = useState(false);
  const reason = useReason(clear.error);
  if (!open) {
    return (
      <div>
        <Button onClick={() => setOpen(true)}>{t("risk.clear")}</Button>
      </div>
    );
  }
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (reason.isGiven()) clear.mutate({ flag, reason: reason.text });
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <Textarea label={t("risk.clearReason")} rows={2} autoFocus {...reason.field} />
      {!reason.field.error && <NotSaved error={clear.error} />}
      <div className="row">
        <Button type="submit" loading={clear.isPending}>
          {t("risk.clear")}
        </Button>
        <Button variant="subtle" onClick={() => setOpen(false)}>
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** A reason that must be given, with what is wrong about it at the field. */
function useReason(error: Error | null) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isMissing, setMissing] = useState(false);
  const isEmpty = text.trim() === "";
  const wrong = isMissing && isEmpty ? t("reason.missing") : refusal(error)?.field("reason");
  return {
    text: text.trim(),
    isGiven() {
      setMissing(isEmpty);
      return !isEmpty;
    },
    field: {
      value: text,
      onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
      error: wrong,
    },
  };
}
