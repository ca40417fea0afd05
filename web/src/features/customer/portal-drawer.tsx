import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/portal";
import type { Customer } from "@/shared/customer";
import { day } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { type PortalLink, useClosePortal, useOpenPortal } from "./portal-queries";

/** What a customer may read of us: the link to it, and until when it leads there. */
export function PortalDrawer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation("portal");
  const locale = useLocale();
  const [link, setLink] = useState<PortalLink>();
  const name = known(customer.display_name) ?? "";
  const until = customer.portal?.until;
  return (
    <SideDrawer title={t("title")} onClose={onClose}>
      <div className="groups">
        <div className="stack">
          <p>{t("shows")}</p>
          <p className="quiet">
            {until === undefined
              ? t("empty", { name })
              : t("open", { name, until: day(until, locale) })}
          </p>
        </div>
        {link !== undefined && until !== undefined && <Link link={link} name={name} />}
        <MakeLink customer={customer} onMade={setLink} />
        {until !== undefined && (
          <CloseAccess customer={customer.id} onClosed={() => setLink(undefined)} />
        )}
      </div>
    </SideDrawer>
  );
}

function Link({ link, name }: { link: PortalLink; name: string }) {
  const { t } = useTranslation("portal");
  const locale = useLocale();
  const [isCopied, setCopied] = useState(false);
  const address = new URL(link.url, location.origin).href;
  const copy = () => navigator.clipboard.writeText(address).then(() => setCopied(true));
  return (
    <div className="stack">
      <TextInput
        label={t("link", { name })}
        description={t("linkHint", { until: day(link.until, locale) })}
        value={address}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <div>
        <Button onClick={copy}>{isCopied ? t("copied") : t("copy")}</Button>
      </div>
      {link.asked && <p role="status">{link.sent ? t("sent") : t("notSent")}</p>}
    </div>
  );
}

function MakeLink(props: { customer: Customer; onMade: (link: PortalLink) => void }) {
  const { customer } = props;
  const { t } = useTranslation("portal");
  const open = useOpenPortal(customer.id, props.onMade);
  const [sends, setSends] = useState(false);
  const primary = customer.emails?.find((email) => email.primary);
  const address = known(primary?.address);
  const make = (event: FormEvent) => {
    event.preventDefault();
    open.mutate({ send: sends });
  };
  return (
    <form className="stack" onSubmit={make}>
      {address !== undefined && (
        <label className="row">
          <input
            type="checkbox"
            checked={sends}
            onChange={(event) => setSends(event.currentTarget.checked)}
          />
          {t("send", { address })}
        </label>
      )}
      {customer.portal !== undefined && <p className="small quiet">{t("renewHint")}</p>}
      <NotSaved error={open.error} />
      <div>
        <Button
          type="submit"
          variant={customer.portal === undefined ? "filled" : "default"}
          loading={open.isPending}
        >
          {t("make")}
        </Button>
      </div>
    </form>
  );
}

function CloseAccess({ customer, onClosed }: { customer: string; onClosed: () => void }) {
  const { t } = useTranslation("portal");
  const close = useClosePortal(customer);
  return (
    <div className="stack">
      <NotSaved error={close.error} />
      <div>
        <Button
          color="red.9"
          loading={close.isPending}
          onClick={() => close.mutate(undefined, { onSuccess: onClosed })}
        >
          {t("close")}
        </Button>
      </div>
    </div>
  );
}
