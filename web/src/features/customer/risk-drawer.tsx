import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";
import { RISKS, type Risk, useClearRisk, useRaiseRisk } from "./queries";

/** The risk flags that are open, and a new one. */
export function RiskDrawer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const flags = customer.risk?.flags ?? [];
  return (
    <SideDrawer title={t("risk.title")} onClose={onClose}>
      <div className="groups">
        {flags.length > 0 && (
          <ul className="groups">
            {flags.map((flag) => (
              <li key={flag.id} className="stack">
                <div className="between">
                  <h3>{t(`risk.${flag.type as Risk}`)}</h3>
                  <Time at={flag.raised_at} />
                </div>
                <p>{known(flag.reason)}</p>
                <p className="small quiet">{flag.raised_by.name}</p>
                <ClearRisk customer={customer.id} flag={flag.id} />
              </li>
            ))}
          </ul>
        )}
        <RaiseRisk customer={customer.id} onDone={onClose} />
      </div>
    </SideDrawer>
  );
}

function RaiseRisk({ customer, onDone }: { customer: string; onDone: () => void }) {
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

function ClearRisk({ customer, flag }: { customer: string; flag: string }) {
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
    <form className="stack" onSubmit={send} noValidate>
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
