import { Button, PasswordInput } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { refusal } from "@/shared/problem";
import { Empty, NotSaved } from "@/shared/states";
import { useAccept } from "./queries";
import css from "./session.module.css";

/** Where the link of an invitation leads. Its secret stands behind #, so that no server sees it. */
export function InvitationPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const accept = useAccept();
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [isMissing, setMissing] = useState(false);
  const problem = refusal(accept.error)?.problem;
  const wrong = refusal(accept.error)?.field("password");
  const isOther = problem?.code === "invalid_credentials";

  const send = (event: FormEvent) => {
    event.preventDefault();
    setMissing(password === "");
    if (password === "") return;
    accept.mutate({ token, password }, { onSuccess: () => router.history.replace("/") });
  };
  return (
    <main className={css.page}>
      <title>{t("session.title")}</title>
      <form className={css.card} onSubmit={send} noValidate>
        <h1>{t("invitation.title")}</h1>
        {token === "" ? (
          <Empty
            action={
              <Link to="/sign-in" search={{}}>
                {t("invitation.toSignIn")}
              </Link>
            }
          >
            {t("invitation.missing")}
          </Empty>
        ) : (
          <>
            <PasswordInput
              label={t("session.password")}
              description={t("invitation.hint")}
              autoComplete="new-password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={
                isMissing && password === ""
                  ? t("session.passwordMissing")
                  : (wrong ?? (isOther && t("session.wrong")))
              }
              visibilityToggleButtonProps={{ "aria-label": t("session.showPassword") }}
            />
            {wrong === undefined && !isOther && <NotSaved error={accept.error} />}
            <Button type="submit" variant="filled" loading={accept.isPending}>
              {t("invitation.accept")}
            </Button>
          </>
        )}
      </form>
    </main>
  );
}
