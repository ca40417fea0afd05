import { UnstyledButton } from "@mantine/core";
import { IconList, IconSettings, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import css from "./app.module.css";

export type Panel = "list" | "customer" | "actions";
const ICONS = { list: IconList, customer: IconUser, actions: IconSettings };
const PANELS: Panel[] = ["list", "customer", "actions"];

/** On a phone one panel shows at a time; here one goes from one to the other. */
export function BottomBar(props: {
  panel: Panel;
  onPanel: (panel: Panel) => void;
  hasCustomer: boolean;
}) {
  const { t } = useTranslation();
  return (
    <nav className={css.bottom} aria-label={t("panel.title")}>
      {PANELS.map((panel) => {
        const Icon = ICONS[panel];
        return (
          <UnstyledButton
            key={panel}
            className={css.to}
            aria-current={panel === props.panel ? "true" : undefined}
            disabled={panel !== "list" && !props.hasCustomer}
            onClick={() => props.onPanel(panel)}
          >
            <Icon size={20} aria-hidden />
            {t(`panel.${panel}`)}
          </UnstyledButton>
        );
      })}
    </nav>
  );
}
