import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { keys, type Page, useRows } from "@/shared/customer";

export type Invoice = Schema["Invoice"];
export type LedgerEntry = Schema["LedgerEntry"];

const path = (customer: string) => ({ customer_id: customer });

export function useInvoices(customer: string) {
  return useRows<Invoice>(keys.part(customer, "invoices"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/invoices", { params, signal });
    return (await read(answer)) as Page<Invoice>;
  });
}

export function useLedger(customer: string) {
  return useRows<LedgerEntry>(keys.part(customer, "ledger"), async (page, signal) => {
    const params = { path: path(customer), query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/ledger", { params, signal });
    return (await read(answer)) as Page<LedgerEntry>;
  });
}

export type NewInvoice = {
  due_on?: string;
  currency: string;
  lines: { description?: string; quantity: string; unit_price: string }[];
};

/** Money is never shown before the service has it. */
export function useIssueInvoice(customer: string) {
  return useCommand<NewInvoice>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/invoices", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

type NewCreditNote = { invoice: string; reason: string; lines: NewInvoice["lines"] };

export function useIssueCreditNote(customer: string) {
  return useCommand<NewCreditNote>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/credit-notes", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export type NewPayment = {
  amount: { amount: string; currency: string };
  received_on: string;
  method?: string;
  reference?: string;
  allocations: { invoice: string }[];
};

export function useRecordPayment(customer: string) {
  return useCommand<NewPayment>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/payments", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}
