import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Failure } from "@/shared/states";
import css from "./app.module.css";

export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  return (
    <main className={css.alone}>
      <Failure error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
      <Link to="/">{t("state.toStart")}</Link>
    </main>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <main className={css.alone}>
      <Empty action={<Link to="/">{t("state.toStart")}</Link>}>{t("state.missing")}</Empty>
    </main>
  );
}
