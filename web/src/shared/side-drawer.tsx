import { CloseButton, Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./side-drawer.module.css";

type Props = { title: string; size?: string; onClose: () => void; children: ReactNode };

/** A form beside what it is about. */
export function SideDrawer({ title, size = "28rem", onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={size} lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={css.head}>
          <Drawer.Title>{title}</Drawer.Title>
          <CloseButton aria-label={t("action.close")} onClick={onClose} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
