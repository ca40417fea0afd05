import { useTranslation } from "react-i18next";
import { CustomerLink } from "@/shared/customer-link";
import { useReferrals } from "./queries";

/** In one line each: who sent the customer here, and whom the customer sent. */
export function Related({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const { data } = useReferrals(customer);
  if (data === undefined) return <p className="quiet">–</p>;
  const { referred_by: by, referred } = data;
  if (by === null && referred.length === 0) return <p className="quiet">{t("referral.none")}</p>;
  return (
    <ul>
      {by && (
        <li>
          {t("referral.by")} <CustomerLink id={by.id} name={by.display_name} />
        </li>
      )}
      {referred.map(({ id, display_name }) => (
        <li key={id}>
          {t("referral.has")} <CustomerLink id={id} name={display_name} />
        </li>
      ))}
    </ul>
  );
}
