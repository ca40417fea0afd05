import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { FolderChoice } from "@/features/assignment/folder-choice";
import { Workers } from "@/features/assignment/workers";
import { LastChange } from "@/features/audit/last-change";
import { Related } from "@/features/referrals/related";
import { Tags } from "@/features/tags/tags";
import { useCustomer } from "@/shared/customer";
import { late } from "@/shared/late";
import { useIsPast } from "@/shared/moment";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import css from "./actions.module.css";

const RunByHand = late(async () => (await import("@/features/rules/run-by-hand")).RunByHand);

/** What one does with a customer, whatever tab is open. */
export function Actions({ customer: id }: { customer: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const isPast = useIsPast();
  const customer = useCustomer(id).data;
  if (customer === undefined) return null;
  return (
    <div className={css.actions}>
      <Block title={t("actions.workers")}>
        <Workers customer={customer} />
      </Block>
      <Block title={t("actions.folder")}>
        <FolderChoice customer={customer} />
      </Block>
      <Block title={t("tag.title")}>
        <Tags customer={customer} />
      </Block>
      <Block title={t("actions.related")}>
        <Related customer={id} />
      </Block>
      {may("rule.run") && !isPast && (
        <Block title={t("actions.run")}>
          <Run customer={id} />
        </Block>
      )}
      {may("event.read") && !isPast && (
        <Block title={t("actions.lastChange")}>
          <LastChange customer={id} />
        </Block>
      )}
    </div>
  );
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.block}>
      <h2 className="small quiet">{title}</h2>
      {children}
    </section>
  );
}

/** Closed it is one line; what it needs is loaded when it is opened. */
function Run({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useOffers([{ label: t("actions.run"), key: "r", run: () => setOpen(true) }]);
  useHotkeys([["r", () => setOpen(true)]]);
  if (isOpen) {
    return (
      <Suspense>
        <RunByHand customer={customer} />
      </Suspense>
    );
  }
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t("actions.choose")}</Button>
    </div>
  );
}
