import { useTranslation } from "react-i18next";
import "@/shared/locales/notifications";
import { rowsOf } from "@/shared/customer";
import { CustomerLink } from "@/shared/customer-link";
import { More } from "@/shared/more";
import { useCustomerNames } from "@/shared/names";
import { Empty, Failure, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";
import css from "./notifications.module.css";
import { useNotifications } from "./queries";

export function Notifications({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation("notifications");
  const { t: common } = useTranslation();
  const list = useNotifications();
  const rows = rowsOf(list.data);
  const names = useCustomerNames(rows.map(({ customer }) => customer));
  if (list.isPending) return <Waiting rows={3} height={56} />;
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  return (
    <>
      <h2>{t("title")}</h2>
      {rows.length === 0 && <Empty>{t("empty")}</Empty>}
      <ol>
        {rows.map(({ id, text, customer, sent_by, sent_at }) => (
          <li key={id} className={css.row}>
            <p>{known(text) ?? common("customer.erased")}</p>
            <p className="wrap small quiet">
              <span>{sent_by.name ?? common(`actor.${sent_by.type}`)}</span>
              {customer && names.has(customer) && (
                // biome-ignore lint/a11y/noStaticElementInteractions: the link in it is what is used
                // biome-ignore lint/a11y/useKeyWithClickEvents: the link in it takes the keys
                <span onClick={onGo}>
                  <CustomerLink id={customer} name={names.get(customer)} />
                </span>
              )}
              <Time at={sent_at} />
            </p>
          </li>
        ))}
      </ol>
      <More list={list} />
    </>
  );
}
