import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { ClearRisk, RaiseRisk, type Risk } from "@/shared/risk-flags";
import { useMay } from "@/shared/session";
import { SideDrawer } from "@/shared/side-drawer";
import { Empty } from "@/shared/states";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";
import css from "./insight.module.css";
import type { Flag, Insight } from "./queries";

type Flags = NonNullable<Insight["risk"]>;

/** All flags there were: who raised and who cleared them, when and why. */
export function RiskFlags({ customer, risk }: { customer: string; risk: Flags }) {
  const { t } = useTranslation("insight");
  const words = useTranslation().t;
  const mayWrite = useMay()("risk.write");
  const [isRaising, setRaising] = useState(false);
  const raise = mayWrite && <Button onClick={() => setRaising(true)}>{words("risk.raise")}</Button>;
  return (
    <section className="stack">
      <div className="between">
        <h2>{words("risk.title")}</h2>
        {risk.flags.length > 0 && raise}
      </div>
      {risk.flags.length === 0 ? (
        <Empty action={raise}>{t("risk.none")}</Empty>
      ) : (
        <p className="small quiet">
          {t("risk.open", { count: risk.open })} · {t("risk.cleared", { count: risk.cleared })}
        </p>
      )}
      <ul className={css.flags}>
        {risk.flags.map((flag) => (
          <FlagRow key={flag.id} customer={customer} flag={flag} mayWrite={mayWrite} />
        ))}
      </ul>
      <p>
        <Link
          className="underlined"
          from="/organizations/$organisation/customers/{-$customer}/{-$tab}"
          to="/organizations/$organisation/reports/risk-flags"
        >
          {t("report.link")}
        </Link>
      </p>
      {isRaising && (
        <SideDrawer title={words("risk.raise")} onClose={() => setRaising(false)}>
          <RaiseRisk customer={customer} onDone={() => setRaising(false)} />
        </SideDrawer>
      )}
    </section>
  );
}

function FlagRow(props: { customer: string; flag: Flag; mayWrite: boolean }) {
  const { customer, flag, mayWrite } = props;
  const { t } = useTranslation("insight");
  const words = useTranslation().t;
  const isOpen = flag.cleared_at === null;
  return (
    <li className={css.flag}>
      <div className="wrap">
        <Badge tone={isOpen ? "red" : "gray"}>{t(isOpen ? "risk.isOpen" : "risk.isCleared")}</Badge>
        <h3>{words(`risk.${flag.type as Risk}`)}</h3>
      </div>
      <p className="reading">{known(flag.reason) ?? "–"}</p>
      <p className="wrap small quiet">
        <Done what="raised" by={flag.raised_by} at={flag.raised_at} />
      </p>
      {flag.cleared_at !== null && flag.cleared_by !== null && (
        <p className="wrap small quiet">
          <Done what="cleared" by={flag.cleared_by} at={flag.cleared_at} />
          {known(flag.cleared_reason) !== undefined && (
            <span className={css.reason}>{known(flag.cleared_reason)}</span>
          )}
        </p>
      )}
      {isOpen && mayWrite && <ClearRisk customer={customer} flag={flag.id} />}
    </li>
  );
}

function Done(props: { what: "raised" | "cleared"; by: Flag["raised_by"]; at: string }) {
  const { t } = useTranslation("insight");
  const words = useTranslation().t;
  const who = props.by.name ?? words(`actor.${props.by.type}`);
  return (
    <>
      <span>{t(`risk.${props.what}By`, { who })}</span>
      <Time at={props.at} />
    </>
  );
}
