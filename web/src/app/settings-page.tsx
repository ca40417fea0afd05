import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SettingsPage as Settings } from "@/features/settings/settings-page";
import { Frame } from "./frame";

export function SettingsPage() {
  const { t } = useTranslation();
  const { organisation, section } = useParams({
    from: "/organizations/$organisation/settings/{-$section}",
  });
  return (
    <Frame title={t("nav.settings")}>
      <Settings organisation={organisation} section={section} />
    </Frame>
  );
}
