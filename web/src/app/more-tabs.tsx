import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./tab-row.module.css";
import type { Tab } from "./tabs";

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";

/** The tabs for which the row has no room. */
export function MoreTabs({ cut }: { cut: Tab[] }) {
  const { t } = useTranslation();
  if (cut.length === 0) return null;
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <UnstyledButton className={css.more}>
          {t("tab.more")}
          <IconChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {cut.map((to) => (
          <Menu.Item
            key={to}
            renderRoot={(item) => (
              <Link
                {...item}
                from={PATH}
                to={PATH}
                params={(old) => ({ ...old, tab: to })}
                search={(old) => old}
              />
            )}
          >
            {t(`tab.${to}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Which tabs do not show whole; the open one always does. */
export function useCut(
  row: RefObject<HTMLUListElement | null>,
  tabs: Tab[],
  open: Tab | undefined,
): Tab[] {
  const [cut, setCut] = useState<Tab[]>([]);
  useEffect(() => {
    const list = row.current;
    if (list === null) return;
    const look = () => {
      const room = list.getBoundingClientRect();
      const isCut = [...list.children].map((child) => {
        const { left, right } = child.getBoundingClientRect();
        return left < room.left - 1 || right > room.right + 1;
      });
      setCut(tabs.filter((_, at) => isCut[at]));
    };
    const fit = () => {
      const active = list.children[open === undefined ? -1 : tabs.indexOf(open)];
      active?.scrollIntoView({ block: "nearest", inline: "nearest" });
      look();
    };
    const observer = new ResizeObserver(fit);
    observer.observe(list);
    list.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      list.removeEventListener("scroll", look);
    };
  }, [row, tabs, open]);
  return cut;
}
