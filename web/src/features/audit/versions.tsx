import { Button } from "@mantine/core";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/shared/api";
import { late } from "@/shared/late";
import { useIsPast } from "@/shared/moment";
import { useMay, useSeesAll } from "@/shared/session";
import css from "./audit.module.css";
import { gapsOf } from "./gaps";

const VerifyDrawer = late(async () => (await import("@/shared/verify-drawer")).VerifyDrawer);

/** That no version of the record is missing, for who sees all of them; and the proof of it. */
export function Versions(props: { customer: string; rows: Schema["Entry"][]; isWhole: boolean }) {
  const { rows, isWhole } = props;
  const { t } = useTranslation("proof");
  const seesAll = useSeesAll();
  const isPast = useIsPast();
  const mayVerify = useMay()("audit.verify") && !isPast;
  const [isOpen, setOpen] = useState(false);
  const { latest, first, count, missing } = gapsOf(rows, isWhole);
  if (isPast) return null;
  return (
    <div className="between">
      <p className={missing.length > 0 ? css.missing : "quiet"}>
        {!seesAll
          ? t("yours")
          : missing.length > 0
            ? t("missing", { versions: missing.join(", ") })
            : isWhole
              ? t("whole", { count, version: latest, others: rows.length - count })
              : t("part", { first, latest })}
      </p>
      {mayVerify && <Button onClick={() => setOpen(true)}>{t("verify")}</Button>}
      {isOpen && (
        <Suspense>
          <VerifyDrawer customer={props.customer} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
