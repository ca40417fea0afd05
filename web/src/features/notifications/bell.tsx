import { ActionIcon, Popover } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { late } from "@/shared/late";
import css from "./notifications.module.css";
import { useUnseen } from "./queries";

const Notifications = late(async () => (await import("./notifications")).Notifications);

/** What rules and people tell one, and how much of it is new. */
export function Bell() {
  const { t } = useTranslation();
  const { count, look } = useUnseen();
  const [isOpen, setOpen] = useState(false);
  const turn = (open: boolean) => {
    setOpen(open);
    if (!open) look();
  };
  const label = count === 0 ? t("nav.notifications") : t("nav.unseen", { count });
  return (
    <Popover
      opened={isOpen}
      onChange={turn}
      position="bottom-end"
      shadow="md"
      width={360}
      trapFocus
    >
      <Popover.Target>
        <ActionIcon aria-label={label} onClick={() => turn(!isOpen)}>
          <IconBell size={20} />
          {count > 0 && (
            <span className={css.unseen} aria-hidden>
              {count > 9 ? "9+" : count}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={css.list} aria-label={t("nav.notifications")}>
        <Suspense>
          <Notifications onGo={() => turn(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
