import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure } from "@/shared/states";
import css from "./app.module.css";

export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  return (
    <main className={css.alone}>
      <h1 className="hidden">{t("state.fault")}</h1>
      <Failure error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
      <Link to="/">{t("state.toStart")}</Link>
    </main>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <main className={css.alone}>
      <div className="stack">
        <h1>{t("state.missing")}</h1>
        <Link to="/">{t("state.toStart")}</Link>
      </div>
    </main>
  );
}
