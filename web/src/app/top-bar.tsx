import { ActionIcon, Popover } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconKeyboard, IconLayoutSidebarRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountMenu } from "@/features/session/account-menu";
import { OrganisationMenu } from "@/features/session/organisation-menu";
import css from "./app.module.css";
import type { LiveState } from "./live";

export function TopBar(props: { live: LiveState; onActions: () => void; hasCustomer: boolean }) {
  const { t } = useTranslation();
  return (
    <header className={css.bar}>
      <span className={css.brand}>Dossier</span>
      <OrganisationMenu />
      <span className={`${css.live} ${css.push}`} data-state={props.live} role="status">
        <span className={css.dot} aria-hidden />
        {t(`live.${props.live}`)}
      </span>
      <span className={css.wide}>
        <Shortcuts />
      </span>
      <AccountMenu />
      {props.hasCustomer && (
        <span className={css.narrow}>
          <ActionIcon aria-label={t("actions.title")} onClick={props.onActions}>
            <IconLayoutSidebarRight size={20} className={css.turns} />
          </ActionIcon>
        </span>
      )}
    </header>
  );
}

const KEYS = ["/", "j", "k", "c", "i", "n", "1–8", "[", "]", "Ctrl+Enter", "Esc"] as const;

function Shortcuts() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  // Where "?" needs Shift the key comes with it, elsewhere without.
  useHotkeys([
    ["shift+?", () => setOpen(!open)],
    ["?", () => setOpen(!open)],
  ]);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md">
      <Popover.Target>
        <ActionIcon aria-label={t("keys.title")} onClick={() => setOpen(!open)}>
          <IconKeyboard size={20} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={css.keys}>
          {KEYS.map((key) => [
            <span key={`${key}-key`}>
              <kbd>{key}</kbd>
            </span>,
            <span key={`${key}-text`}>{t(`keys.${key}`)}</span>,
          ])}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
