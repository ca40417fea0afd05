import { Popover, UnstyledButton } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { MoreTabs, useCut } from "./more-tabs";
import css from "./tab-row.module.css";
import { TABS, type Tab } from "./tabs";

export function TabRow({ tabs, tab }: { tabs: Tab[]; tab: Tab | undefined }) {
  const { t } = useTranslation();
  const row = useRef<HTMLUListElement>(null);
  const cut = useCut(row, tabs, tab);
  return (
    <nav className={css.row} aria-label={t("tab.title")}>
      <ul
        ref={row}
        className={css.tabs}
        data-before={cut.some((one) => one === tabs[0])}
        data-after={cut.some((one) => one === tabs.at(-1))}
      >
        {tabs.map((to) => (
          <li key={to}>
            <Link
              className={css.tab}
              from="/organizations/$organisation/customers/{-$customer}/{-$tab}"
              to="/organizations/$organisation/customers/{-$customer}/{-$tab}"
              params={(old) => ({ ...old, tab: to })}
              search={(old) => old}
              aria-current={to === tab ? "page" : undefined}
            >
              {t(`tab.${to}`)}
            </Link>
          </li>
        ))}
      </ul>
      <MoreTabs cut={cut} />
      <HiddenTabs count={TABS.length - tabs.length} />
    </nav>
  );
}

/** That something is hidden is said to whom it is hidden from, whatever there is. */
function HiddenTabs({ count }: { count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <Popover position="bottom-end" shadow="md" width={320}>
      <Popover.Target>
        <UnstyledButton className={css.hidden} aria-label={t("tab.hidden", { count })}>
          <IconEyeOff size={16} aria-hidden />
          <span className={css.hiddenText}>{t("tab.hiddenAsk", { count })}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p>{t("tab.hidden", { count })}</p>
        <p className="quiet">{t("tab.hiddenWhy")}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
