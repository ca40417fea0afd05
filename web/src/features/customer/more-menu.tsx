import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, use, useState } from "react";
import { useTranslation } from "react-i18next";
import { Barred } from "@/shared/capabilities";
import type { Customer } from "@/shared/customer";
import { late } from "@/shared/late";
import { useIsPast } from "@/shared/moment";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { say } from "@/shared/toast";
import { useReactivate, useRestore, useUnflag } from "./queries";
import { ReasonDrawer } from "./reason-drawer";

const ArchiveDrawer = late(async () => (await import("./archive-drawer")).ArchiveDrawer);
const ContactDrawer = late(async () => (await import("./contact-drawer")).ContactDrawer);
const RiskDrawer = late(async () => (await import("./risk-drawer")).RiskDrawer);
const VerifyDrawer = late(async () => (await import("@/shared/verify-drawer")).VerifyDrawer);
const PortalDrawer = late(async () => (await import("./portal-drawer")).PortalDrawer);

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";

type Open = "archive" | "contact" | "verify" | "portal" | "flag" | "risk" | "dormant";

export function MoreMenu({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<Open>();
  const unflag = useUnflag(customer.id);
  const reactivate = useReactivate(customer.id);
  const restore = useRestore(customer.id);
  const close = () => setOpen(undefined);
  const told = { onError: (error: Error) => say(t("state.notChanged", { reason: error.message })) };
  const isPast = useIsPast();
  const navigate = useNavigate({ from: PATH });
  const mayLookBack = may("event.read") && !isPast;
  const lookBack = () =>
    navigate({ search: (old) => ({ ...old, as_of: new Date().toISOString() }) });
  const mayVerify = mayLookBack && may("audit.verify");
  const mayEdit = may("customer.edit");
  const mayArchive = may("customer.delete");
  const isArchived = use(Barred).get("customer.edit") === "archived";
  useOffers([
    ...(mayEdit ? [{ label: t("customer.contact"), key: "e", run: () => setOpen("contact") }] : []),
    ...(mayEdit && !customer.flag ? [{ label: t("flag.raise"), run: () => setOpen("flag") }] : []),
    ...(mayEdit && customer.lifecycle !== "dormant"
      ? [{ label: t("dormant.mark"), run: () => setOpen("dormant") }]
      : []),
    ...(mayEdit ? [{ label: t("customer.portal"), run: () => setOpen("portal") }] : []),
    ...(may("risk.write") ? [{ label: t("risk.title"), run: () => setOpen("risk") }] : []),
    ...(mayLookBack
      ? [{ label: t("customer.history"), key: "h", run: () => void lookBack() }]
      : []),
    ...(mayArchive && isArchived
      ? [{ label: t("customer.restore"), run: () => restore.mutate(undefined, told) }]
      : []),
    ...(mayArchive && !isArchived
      ? [{ label: t("customer.archive"), run: () => setOpen("archive") }]
      : []),
    ...(mayVerify ? [{ label: t("customer.verify"), run: () => setOpen("verify") }] : []),
  ]);
  useHotkeys([
    ["h", () => mayLookBack && void lookBack()],
    ["e", () => mayEdit && setOpen("contact")],
  ]);
  if (!mayLookBack && !mayEdit && !mayArchive && !may("risk.write")) return null;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t("action.more")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may("customer.edit") && (
            <>
              <Menu.Item
                rightSection={<kbd className="small quiet">e</kbd>}
                onClick={() => setOpen("contact")}
              >
                {t("customer.contact")}
              </Menu.Item>
              {customer.flag ? (
                <Menu.Item onClick={() => unflag.mutate(undefined, told)}>
                  {t("flag.remove")}
                </Menu.Item>
              ) : (
                <Menu.Item onClick={() => setOpen("flag")}>{t("flag.raise")}</Menu.Item>
              )}
              {customer.lifecycle === "dormant" ? (
                <Menu.Item onClick={() => reactivate.mutate(undefined, told)}>
                  {t("dormant.reactivate")}
                </Menu.Item>
              ) : (
                <Menu.Item onClick={() => setOpen("dormant")}>{t("dormant.mark")}</Menu.Item>
              )}
              <Menu.Item onClick={() => setOpen("portal")}>{t("customer.portal")}</Menu.Item>
            </>
          )}
          {may("risk.write") && (
            <Menu.Item onClick={() => setOpen("risk")}>{t("risk.title")}</Menu.Item>
          )}
          {mayLookBack && (
            <Menu.Item rightSection={<kbd className="small quiet">h</kbd>} onClick={lookBack}>
              {t("customer.history")}
            </Menu.Item>
          )}
          {mayArchive && isArchived && (
            <Menu.Item onClick={() => restore.mutate(undefined, told)}>
              {t("customer.restore")}
            </Menu.Item>
          )}
          {mayArchive && !isArchived && (
            <Menu.Item onClick={() => setOpen("archive")}>{t("customer.archive")}</Menu.Item>
          )}
          {mayVerify && (
            <Menu.Item onClick={() => setOpen("verify")}>{t("customer.verify")}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {open === "archive" && <ArchiveDrawer customer={customer} onClose={close} />}
        {open === "contact" && <ContactDrawer customer={customer} onClose={close} />}
        {open === "risk" && <RiskDrawer customer={customer} onClose={close} />}
        {open === "portal" && <PortalDrawer customer={customer} onClose={close} />}
        {open === "verify" && <VerifyDrawer customer={customer.id} onClose={close} />}
      </Suspense>
      {open === "flag" && <ReasonDrawer customer={customer.id} what="flag" onClose={close} />}
      {open === "dormant" && <ReasonDrawer customer={customer.id} what="dormant" onClose={close} />}
    </>
  );
}
