import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { Empty, Failure, Waiting } from "@/shared/states";
import { Time } from "@/shared/time";
import { Part } from "./parts";
import { useWebhooks, type Webhook } from "./queries";
import css from "./settings.module.css";
import { NewWebhook, WebhookDrawer } from "./webhook-drawer";

/** Who else is told of what happens, and how that went. */
export function Webhooks() {
  const { t } = useTranslation("settings");
  const webhooks = useWebhooks();
  const [open, setOpen] = useState<string | "new">();
  if (webhooks.isPending) return <Waiting />;
  if (webhooks.isError) return <Failure error={webhooks.error} retry={() => webhooks.refetch()} />;
  const chosen = webhooks.data.find(({ id }) => id === open);
  const close = () => setOpen(undefined);
  return (
    <Part
      title={t("webhooks.title")}
      hint={t("webhooks.hint")}
      action={
        <Button variant="filled" onClick={() => setOpen("new")}>
          {t("webhooks.new")}
        </Button>
      }
    >
      {webhooks.data.length === 0 ? (
        <Empty>{t("webhooks.empty")}</Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{t("webhooks.url")}</th>
              <th>{t("webhooks.types")}</th>
              <th>{t("webhooks.delivered")}</th>
              <th>
                <span className="hidden">{t("deeds")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {webhooks.data.map((webhook) => (
              <tr key={webhook.id}>
                <td>
                  <span className={css.url} dir="ltr">
                    {webhook.url}
                  </span>{" "}
                  <State webhook={webhook} />
                </td>
                <td>{webhook.types.join(", ") || t("webhooks.everything")}</td>
                <td data-label={t("webhooks.delivered")}>
                  {webhook.last_success_at ? <Time at={webhook.last_success_at} /> : "–"}
                </td>
                <td className="number">
                  <Button
                    variant="subtle"
                    aria-label={`${t("webhooks.open")}: ${webhook.url}`}
                    onClick={() => setOpen(webhook.id)}
                  >
                    {t("webhooks.open")}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {open === "new" && <NewWebhook onClose={close} />}
      {chosen && <WebhookDrawer webhook={chosen} onClose={close} />}
    </Part>
  );
}

export function State({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("settings");
  if (webhook.state === "active") return null;
  const why = webhook.reason ?? "asked";
  return (
    <Badge tone={why === "asked" ? "gray" : "red"}>
      {t(`webhooks.off_${why}` as "webhooks.off_asked", t("webhooks.off_asked"))}
    </Badge>
  );
}
