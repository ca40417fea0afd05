import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { useSignIn } from "./queries";
import css from "./session.module.css";

export function SignInPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);
  const wrong = useWrong(signIn.error);

  const send = (event: FormEvent) => {
    event.preventDefault();
    const isMissing = email.trim() === "" || password === "";
    setMissing(isMissing);
    if (isMissing) return;
    signIn.mutate(
      { email: email.trim(), password },
      { onSuccess: () => router.history.push(next ?? "/") },
    );
  };

  return (
    <main className={css.page}>
      <title>{t("session.title")}</title>
      <form className={css.card} onSubmit={send} noValidate>
        <h1>{t("session.signIn")}</h1>
        <TextInput
          label={t("session.email")}
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={missing && email.trim() === "" ? t("session.emailMissing") : wrong.email}
        />
        <PasswordInput
          label={t("session.password")}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={missing && password === "" ? t("session.passwordMissing") : wrong.password}
          visibilityToggleButtonProps={{ "aria-label": t("session.showPassword") }}
        />
        {wrong.other && <NotSaved error={signIn.error} />}
        <Button type="submit" variant="filled" loading={signIn.isPending}>
          {t("session.signIn")}
        </Button>
      </form>
    </main>
  );
}

/** Which field a refusal is about. */
function useWrong(error: Error | null): { email?: string; password?: string; other?: boolean } {
  const { t } = useTranslation();
  if (error === null) return {};
  const problem = refusal(error)?.problem;
  const seconds = Math.ceil(Number(problem?.retry_after_ms ?? 0) / 1000);
  switch (problem?.code) {
    case "invalid_credentials":
      return { password: t("session.wrong") };
    case "account_blocked":
      return { email: t("session.blocked") };
    default:
      if (problem?.status === 429) return { password: t("session.wait", { count: seconds }) };
      return { email: refusal(error)?.field("email"), other: problem?.status !== 422 };
  }
}
