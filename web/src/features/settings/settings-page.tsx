import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import "@/shared/locales/settings";
import { useMay } from "@/shared/session";
import { Empty } from "@/shared/states";
import { Folders } from "./folders";
import { Log } from "./log";
import { Organisation } from "./organisation";
import { People } from "./people";
import { Roles } from "./roles";
import css from "./settings.module.css";
import { Teams } from "./teams";
import { Tokens } from "./tokens";
import { Webhooks } from "./webhooks";

const SECTIONS = [
  { section: "people", needs: "user.read", Shown: People },
  { section: "teams", needs: "user.read", Shown: Teams },
  { section: "roles", needs: "user.admin", Shown: Roles },
  { section: "folders", needs: "folder.admin", Shown: Folders },
  { section: "tokens", needs: "token.own", Shown: Tokens },
  { section: "webhooks", needs: "webhook.admin", Shown: Webhooks },
  { section: "organisation", needs: "organisation.admin", Shown: Organisation },
  { section: "log", needs: "audit.verify", Shown: Log },
] as const;

export function SettingsPage(props: { organisation: string; section: string | undefined }) {
  const { t } = useTranslation("settings");
  const may = useMay();
  const seen = SECTIONS.filter(({ needs }) => may(needs));
  const open =
    props.section === undefined ? seen[0] : seen.find(({ section }) => section === props.section);
  return (
    <div className={css.page}>
      <nav aria-label={t("sections")} className={css.sections}>
        {seen.map(({ section }) => (
          <Link
            key={section}
            className={css.section}
            to="/organizations/$organisation/settings/{-$section}"
            params={{ organisation: props.organisation, section }}
            aria-current={section === open?.section ? "page" : undefined}
          >
            {t(`section.${section}`)}
          </Link>
        ))}
      </nav>
      <div className={css.content}>
        <h1 className="hidden">{t("title")}</h1>
        {open ? <open.Shown /> : <Empty>{t("notForYou")}</Empty>}
      </div>
    </div>
  );
}
