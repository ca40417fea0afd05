import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once, type Schema } from "@/shared/api";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { Time } from "@/shared/time";
import { useChange } from "./change";
import { Deliveries } from "./deliveries";
import { Secret, Sure } from "./parts";
import type { Webhook } from "./queries";
import css from "./settings.module.css";
import { State } from "./webhooks";

type Made = Schema["Done"];
type New = { url: string; types: string[]; payload: "full" | "thin" };

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "translation"]);
  const [form, setForm] = useState({ url: "", types: "", payload: "full" });
  const create = useChange<New, Made>((body, key) =>
    api.POST("/v1/webhooks", { body, params: { header: once(key) } }),
  );
  const refused = refusal(create.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      url: form.url.trim(),
      types: form.types.split(/[\s,]+/).filter((type) => type !== ""),
      payload: form.payload as New["payload"],
    });
  };
  return (
    <SideDrawer title={t("webhooks.new")} onClose={onClose}>
      {create.data ? (
        <Secret
          label={t("webhooks.secret")}
          text={create.data.secret ?? ""}
          hint={t("webhooks.secretOnce")}
          onClose={onClose}
        />
      ) : (
        <form className="form" onSubmit={send} noValidate>
          <TextInput
            label={t("webhooks.url")}
            description={t("webhooks.urlHint")}
            type="url"
            data-autofocus
            value={form.url}
            onChange={(event) => setForm({ ...form, url: event.currentTarget.value })}
            error={refused?.field("url")}
          />
          <TextInput
            label={t("webhooks.types")}
            description={t("webhooks.typesHint")}
            value={form.types}
            onChange={(event) => setForm({ ...form, types: event.currentTarget.value })}
            error={refused?.field("types")}
          />
          <NativeSelect
            label={t("webhooks.payload")}
            value={form.payload}
            onChange={(event) => setForm({ ...form, payload: event.currentTarget.value })}
            data={[
              { value: "full", label: t("webhooks.full") },
              { value: "thin", label: t("webhooks.thin") },
            ]}
          />
          {refused?.fields.length ? null : <NotSaved error={create.error} />}
          <div className="row">
            <Button type="submit" variant="filled" loading={create.isPending}>
              {t("webhooks.create")}
            </Button>
            <Button onClick={onClose}>{t("action.cancel", { ns: "translation" })}</Button>
          </div>
        </form>
      )}
    </SideDrawer>
  );
}

/** One webhook: what was sent and what came back, its secret, and whether it is on. */
export function WebhookDrawer({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const deeds = useDeeds(webhook.id);
  const isOn = webhook.state === "active";
  const error = [deeds.ping, deeds.rotate, deeds.turn, deeds.remove].find(({ error }) => error);
  return (
    <SideDrawer title={t("webhooks.one")} size="40rem" onClose={onClose}>
      <div className="groups">
        <div className="stack">
          <p className={css.url} dir="ltr">
            {webhook.url}
          </p>
          <p className="quiet">
            {webhook.types.join(", ") || t("webhooks.everything")} <State webhook={webhook} />
          </p>
          <div className="wrap">
            <Button loading={deeds.ping.isPending} onClick={() => deeds.ping.mutate(undefined)}>
              {t("webhooks.ping")}
            </Button>
            <Button loading={deeds.rotate.isPending} onClick={() => deeds.rotate.mutate(undefined)}>
              {t("webhooks.rotate")}
            </Button>
            <Button loading={deeds.turn.isPending} onClick={() => deeds.turn.mutate(!isOn)}>
              {t(isOn ? "webhooks.disable" : "webhooks.enable")}
            </Button>
            <Sure
              label={t("webhooks.delete")}
              name={webhook.url}
              question={t("webhooks.deleteSure")}
              busy={deeds.remove.isPending}
              onSure={() => deeds.remove.mutate(undefined, { onSuccess: onClose })}
            />
          </div>
          {deeds.ping.data && (
            <p className="small" role="status">
              {t(deeds.ping.data.delivered ? "webhooks.pinged" : "webhooks.notPinged", {
                answer: deeds.ping.data.status ?? deeds.ping.data.error ?? "–",
              })}
            </p>
          )}
          {deeds.rotate.data?.secret && (
            <Secret
              label={t("webhooks.secret")}
              text={deeds.rotate.data.secret}
              hint={t("webhooks.secretOnce")}
            />
          )}
          {webhook.old_secret_until && (
            <p className="small quiet">
              {t("webhooks.oldSecret")} <Time at={webhook.old_secret_until} />
            </p>
          )}
          <NotSaved error={error?.error ?? null} />
        </div>
        <Deliveries webhook={webhook.id} />
      </div>
    </SideDrawer>
  );
}

function useDeeds(webhook: string) {
  const params = (key: string) => ({ path: { webhook_id: webhook }, header: once(key) });
  return {
    ping: useChange<undefined, Schema["Ping"]>((_, key) =>
      api.POST("/v1/webhooks/{webhook_id}/ping", { params: params(key) as never }),
    ),
    rotate: useChange<undefined, Made>((_, key) =>
      api.POST("/v1/webhooks/{webhook_id}/rotate-secret", { params: params(key), body: {} }),
    ),
    turn: useChange<boolean>((isOn, key) =>
      isOn
        ? api.POST("/v1/webhooks/{webhook_id}/enable", { params: params(key), body: {} })
        : api.POST("/v1/webhooks/{webhook_id}/disable", { params: params(key), body: {} }),
    ),
    remove: useChange((_: undefined, key) =>
      api.DELETE("/v1/webhooks/{webhook_id}", { params: params(key) }),
    ),
  };
}
