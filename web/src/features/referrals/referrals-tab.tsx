import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerLink } from "@/shared/customer-link";
import { useMay } from "@/shared/session";
import { Empty, Failure, NotSaved, Waiting } from "@/shared/states";
import { useReferrals, useRemoveReferrer } from "./queries";
import { ReferrerSearch } from "./referrer-search";

export function ReferralsTab({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const list = useReferrals(customer);
  if (list.isPending) return <Waiting rows={3} />;
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  const { referred_by: by, referred } = list.data;
  return (
    <div className="groups">
      <section className="stack">
        <h2>{t("referral.by")}</h2>
        <Referrer customer={customer} by={by} />
      </section>
      <section className="stack">
        <h2>{t("referral.has")}</h2>
        {referred.length === 0 && <Empty>{t("referral.nobody")}</Empty>}
        <ul>
          {referred.map(({ id, display_name }) => (
            <li key={id}>
              <CustomerLink id={id} name={display_name} tab="referrals" />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

type By = NonNullable<ReturnType<typeof useReferrals>["data"]>["referred_by"];

function Referrer({ customer, by }: { customer: string; by: By }) {
  const { t } = useTranslation();
  const mayEdit = useMay()("customer.edit");
  const remove = useRemoveReferrer(customer);
  const [isChoosing, setChoosing] = useState(false);
  if (isChoosing) return <ReferrerSearch customer={customer} onDone={() => setChoosing(false)} />;
  const choose = (
    <Button onClick={() => setChoosing(true)}>
      {t(by ? "referral.change" : "referral.choose")}
    </Button>
  );
  if (by === null) return <Empty action={mayEdit && choose}>{t("referral.unknown")}</Empty>;
  return (
    <div className="stack">
      <div className="wrap">
        <CustomerLink id={by.id} name={by.display_name} tab="referrals" />
        {mayEdit && choose}
        {mayEdit && (
          <Button variant="subtle" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("referral.remove")}
          </Button>
        )}
      </div>
      <NotSaved error={remove.error} />
    </div>
  );
}
