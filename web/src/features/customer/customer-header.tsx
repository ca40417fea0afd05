import { Avatar, Button, CopyButton, NativeSelect, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCopy, IconMail, IconNote, IconPhone, IconUser } from "@tabler/icons-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Badges } from "@/shared/badges";
import type { Customer } from "@/shared/customer";
import { initials } from "@/shared/format";
import { late } from "@/shared/late";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { asWords, known } from "@/shared/text";
import { say } from "@/shared/toast";
import { Counters } from "./counters";
import css from "./customer.module.css";
import { FavouriteStar } from "./favourite-star";
import { MoreMenu } from "./more-menu";
import { useChangeStatus, useFolderOf } from "./queries";

const Viewers = late(async () => (await import("./viewers")).Viewers);

export type CounterTab = "tasks" | "interactions" | "notes" | "files" | "finance" | "audit";

export function CustomerHeader(props: {
  customer: Customer;
  onLog: (() => void) | undefined;
  onNote: (() => void) | undefined;
  onTab: (tab: CounterTab) => void;
}) {
  const { customer } = props;
  const { t } = useTranslation();
  const name = known(customer.display_name) ?? t("customer.erased");
  return (
    <header className={css.header}>
      <div className={css.first}>
        <Avatar size={40} radius="xl" color="gray" aria-hidden>
          {initials(name)}
        </Avatar>
        <h1 className="cut" title={name}>
          {name}
        </h1>
        <FavouriteStar customer={customer} />
        <Badges customer={customer} />
        <div className={css.buttons}>
          {props.onLog && (
            <Button variant="filled" onClick={props.onLog}>
              {t("interaction.log")}
            </Button>
          )}
          {props.onNote && (
            <Button leftSection={<IconNote size={16} aria-hidden />} onClick={props.onNote}>
              {t("note.short")}
            </Button>
          )}
          <MoreMenu customer={customer} />
        </div>
      </div>
      <Facts customer={customer} />
      <Counters customer={customer} onTab={props.onTab} />
    </header>
  );
}

function Facts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const owner = customer.workers?.[0]?.name;
  const phone = primary(customer.phones, "number");
  const mail = primary(customer.emails, "address");
  return (
    <div className={css.facts}>
      <StatusSelect customer={customer} />
      <span className={css.fact}>
        <IconUser size={16} aria-hidden />
        <span className="hidden">{t("customer.owner")}</span>
        {owner ?? <span className="quiet">{t("customer.noOwner")}</span>}
      </span>
      {phone && (
        <Copied
          icon={<IconPhone size={16} aria-hidden />}
          text={phone}
          label={t("customer.phone")}
        />
      )}
      {mail && (
        <Copied icon={<IconMail size={16} aria-hidden />} text={mail} label={t("customer.mail")} />
      )}
      <Suspense>
        <Viewers customer={customer.id} />
      </Suspense>
    </div>
  );
}

function primary(entries: unknown[] | undefined, field: "number" | "address"): string | undefined {
  const all = (entries ?? []) as Record<string, unknown>[];
  return known((all.find((entry) => entry.primary === true) ?? all[0])?.[field]);
}

function Copied(props: { icon: React.ReactNode; text: string; label: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={props.text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t("action.copied") : t("action.copy", { what: props.label })}>
          <UnstyledButton className={css.copy} onClick={copy}>
            {props.icon}
            <bdi className="cut" dir="ltr">
              {props.text}
            </bdi>
            <IconCopy size={12} className={css.copyIcon} aria-hidden />
            <span className="hidden" aria-live="polite">
              {copied && t("action.copied")}
            </span>
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** The status is what people change, so it is a choice and not a badge. */
function StatusSelect({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const folder = useFolderOf(customer.folder?.id).data;
  const change = useChangeStatus(customer.id);
  const mayEdit = useMay()("customer.edit");
  const status = customer.status ?? undefined;
  const told = { onError: (error: Error) => say(t("state.notChanged", { reason: error.message })) };
  useOffers(
    (mayEdit ? (folder?.statuses ?? []) : [])
      .filter((other) => other !== status)
      .map((other) => ({
        label: `${t("customer.status")}: ${asWords(other)}`,
        run: () => change.mutate({ status: other }, told),
      })),
  );
  if (!mayEdit || folder === undefined) {
    return status === undefined ? null : <span className={css.fact}>{asWords(status)}</span>;
  }
  const statuses = [...new Set([...(status === undefined ? [] : [status]), ...folder.statuses])];
  return (
    <NativeSelect
      className={css.status}
      aria-label={t("customer.status")}
      data-key="s"
      value={status ?? ""}
      onChange={({ currentTarget: { value } }) => change.mutate({ status: value }, told)}
      data={statuses.map((value) => ({ value, label: asWords(value) }))}
    />
  );
}
