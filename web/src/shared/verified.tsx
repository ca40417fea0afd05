import { IconAlertTriangle, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import "./locales/verify";
import css from "./verified.module.css";

/** What the proof says, what it guarantees, and where that ends. */
export function Verified(props: {
  ok: boolean;
  verdict: string;
  isSigned: boolean;
  firstBad: object | null | undefined;
}) {
  const { t } = useTranslation("verify");
  return (
    <div className={css.result} data-ok={props.ok} role="status">
      <p className={css.verdict}>
        {props.ok ? (
          <IconShieldCheck size={20} aria-hidden />
        ) : (
          <IconAlertTriangle size={20} aria-hidden />
        )}
        {props.ok ? props.verdict : t("broken")}
      </p>
      <p className="reading">{t(props.ok ? "guarantee" : "brokenMeans")}</p>
      {props.ok && <p className="reading quiet">{t(props.isSigned ? "endSigned" : "end")}</p>}
      {!props.ok && props.firstBad && (
        <dl className={css.bad}>
          {Object.entries(props.firstBad).map(([name, value]) => (
            <div key={name}>
              <dt className="small quiet">{name}</dt>
              <dd className={css.value}>
                {typeof value === "string" ? value : JSON.stringify(value)}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
