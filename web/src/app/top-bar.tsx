import { ActionIcon } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconKeyboard, IconLayoutSidebarRight } from "@tabler/icons-react";
import { Suspense, use, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bell } from "@/features/notifications/bell";
import { AccountMenu } from "@/features/session/account-menu";
import { OrganisationMenu } from "@/features/session/organisation-menu";
import { late } from "@/shared/late";
import { useMay } from "@/shared/session";
import css from "./app.module.css";
import { LiveContext } from "./live";
import { Navigation } from "./navigation";
import { PaletteButton } from "./palette-button";

const KeySheet = late(async () => (await import("./key-sheet")).KeySheet);

export function TopBar({ onActions }: { onActions?: () => void }) {
  const { t } = useTranslation();
  const live = use(LiveContext);
  const may = useMay();
  return (
    <header className={css.bar}>
      <span className={`${css.brand} ${css.wide}`}>Dossier</span>
      <OrganisationMenu />
      <Navigation />
      <span className={css.push}>
        <PaletteButton />
      </span>
      <span className={css.live} data-state={live} role="status">
        <span className={css.dot} aria-hidden />
        <span className={css.liveText}>{t(live === "live" ? "live.live" : "live.waiting")}</span>
      </span>
      {live === "lost" && (
        <p className={css.lost} role="alert">
          {t("live.lost")}
        </p>
      )}
      {may("notification.read") && <Bell />}
      <span className={css.wide}>
        <Shortcuts />
      </span>
      <AccountMenu />
      {onActions && (
        <span className={css.narrow}>
          <ActionIcon aria-label={t("actions.title")} onClick={onActions}>
            <IconLayoutSidebarRight size={20} className={css.turns} />
          </ActionIcon>
        </span>
      )}
    </header>
  );
}

function Shortcuts() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  // Where "?" needs Shift the key comes with it, elsewhere without.
  useHotkeys([
    ["shift+?", () => setOpen(!isOpen)],
    ["?", () => setOpen(!isOpen)],
  ]);
  return (
    <>
      <ActionIcon aria-label={t("nav.keys")} onClick={() => setOpen(true)}>
        <IconKeyboard size={20} />
      </ActionIcon>
      {isOpen && (
        <Suspense>
          <KeySheet onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
