import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Time } from "@/shared/time";
import css from "./audit.module.css";
import { useLastChange, useWhy } from "./queries";
import { Why } from "./why";

export function LastChange({ customer }: { customer: string }) {
  const last = useLastChange(customer).data;
  if (last === undefined) return <p className="quiet">–</p>;
  return <Change key={last.id} id={last.id} summary={last.summary ?? last.type} at={last.time} />;
}

function Change({ id, summary, at }: { id: string; summary: string; at: string }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const actor = useWhy(id).data?.event.actor;
  return (
    <div className="stack">
      <p className={css.said}>
        {actor && <strong className={css.actor}>{actor} </strong>}
        {summary} <Time at={at} />
      </p>
      <div>
        <Button data-key="w" aria-expanded={isAsked} onClick={() => setAsked(!isAsked)}>
          {t("audit.why")}
        </Button>
      </div>
      {isAsked && <Why event={id} />}
    </div>
  );
}
