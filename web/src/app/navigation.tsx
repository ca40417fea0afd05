import { ActionIcon, Menu } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/shared/session";
import css from "./navigation.module.css";
import { pagesFor } from "./pages";

/** The way to the other pages: in a row where there is room, else in a menu. */
export function Navigation() {
  const { t } = useTranslation();
  const { organisation = "" } = useParams({ strict: false });
  const pages = pagesFor(useMay());
  return (
    <nav aria-label={t("nav.title")} className={css.nav}>
      <ul className={css.row}>
        {pages.map(({ page, to }) => (
          <li key={page}>
            <Link
              className={css.page}
              to={to}
              params={{ organisation }}
              activeOptions={{ includeSearch: false }}
            >
              {t(`nav.${page}`)}
            </Link>
          </li>
        ))}
      </ul>
      <span className={css.menu}>
        <Menu position="bottom-start" width={240}>
          <Menu.Target>
            <ActionIcon aria-label={t("nav.title")}>
              <IconMenu2 size={20} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {pages.map(({ page, to }) => (
              <Menu.Item
                key={page}
                renderRoot={(item) => (
                  <Link
                    {...item}
                    to={to}
                    params={{ organisation }}
                    activeOptions={{ includeSearch: false }}
                  />
                )}
              >
                {t(`nav.${page}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </span>
    </nav>
  );
}
