import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/shared/session";
import css from "./session.module.css";

export function Organisations() {
  const { t } = useTranslation();
  const { organisations } = useMe();
  return (
    <main className={css.page}>
      <title>{t("session.title")}</title>
      <div className={css.card}>
        <h1>{t("session.which")}</h1>
        <ul className={css.choices}>
          {organisations.map(({ id, name }) => (
            <li key={id}>
              <Link
                className={css.choice}
                to="/organizations/$organisation/customers/{-$customer}/{-$tab}"
                params={{ organisation: id }}
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
