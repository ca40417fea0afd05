import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { useMay } from "@/shared/session";
import css from "./finance.module.css";
import { Invoices } from "./invoices";
import { Ledger } from "./ledger";
import { NewInvoiceForm } from "./new-invoice";
import { NewPaymentForm } from "./new-payment";
import { Sums } from "./sums";

type Form = "invoice" | "payment";

export function FinanceTab({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const mayWrite = useMay()("finance.write");
  const [form, setForm] = useState<Form>();
  const currency = customer.finance?.by_currency?.[0]?.currency;
  const close = () => setForm(undefined);
  return (
    <div className="groups">
      <div className={css.head}>
        <Sums sums={customer.finance?.by_currency ?? []} />
        {mayWrite && form === undefined && (
          <div className="wrap">
            <Button onClick={() => setForm("invoice")}>{t("invoice.new")}</Button>
            <Button onClick={() => setForm("payment")}>{t("payment.new")}</Button>
          </div>
        )}
      </div>
      {form === "invoice" && (
        <NewInvoiceForm customer={customer.id} currency={currency} onDone={close} />
      )}
      {form === "payment" && (
        <NewPaymentForm customer={customer.id} currency={currency} onDone={close} />
      )}
      <Invoices customer={customer.id} />
      <Ledger customer={customer.id} />
    </div>
  );
}
