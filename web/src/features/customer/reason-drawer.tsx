import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { useDormant, useFlag } from "./queries";

/** What is done to a customer with a reason that others read. */
export function ReasonDrawer(props: {
  customer: string;
  what: "flag" | "dormant";
  onClose: () => void;
}) {
  const { what, onClose } = props;
  const { t } = useTranslation();
  const flag = useFlag(props.customer);
  const dormant = useDormant(props.customer);
  const command = what === "flag" ? flag : dormant;
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const refused = refusal(command.error)?.field("reason");
  const send = (event: FormEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === "");
    if (reason.trim() !== "") command.mutate({ reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <SideDrawer title={t(`${what}.title`)} onClose={onClose}>
      <form className="form" onSubmit={send} noValidate>
        <Textarea
          label={t("reason.label")}
          description={t(`${what}.hint`)}
          data-autofocus
          rows={4}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={isMissing && reason.trim() === "" ? t("reason.missing") : refused}
        />
        {refused === undefined && <NotSaved error={command.error} />}
        <div className="row">
          <Button type="submit" variant="filled" loading={command.isPending}>
            {t(`${what}.save`)}
          </Button>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
        </div>
      </form>
    </SideDrawer>
  );
}
