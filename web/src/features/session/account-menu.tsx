import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconChevronDown, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { choose, LANGUAGES, type Language } from "@/shared/i18n";
import { useMe } from "@/shared/session";
import { say } from "@/shared/toast";
import { useSignOut } from "./queries";
import css from "./session.module.css";

const SCHEMES = ["auto", "light", "dark"] as const;

export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useLeave();
  const checked = (is: boolean) => (is ? <IconCheck size={16} aria-hidden /> : null);
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className={css.account}
          aria-label={me.user.name ?? undefined}
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          <IconUserCircle size={20} className={css.me} aria-hidden />
          <span className={`cut ${css.name}`}>{me.user.name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.roles.map((role) => t(`role.${role}` as "role.owner")).join(", ")}
        </Menu.Label>
        <Menu.Label>{t("account.look")}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={checked(colorScheme === scheme)}
            aria-current={colorScheme === scheme}
          >
            {t(`account.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("account.language")}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            onClick={() => choose(language)}
            rightSection={checked(i18n.language === language)}
            aria-current={i18n.language === language}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t("session.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useLeave() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return () =>
    signOut.mutate(undefined, {
      onSuccess: async () => {
        await navigate({ to: "/sign-in", search: {} });
        client.clear();
      },
      onError: () => say(t("session.stillIn")),
    });
}
