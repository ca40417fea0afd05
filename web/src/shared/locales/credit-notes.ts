import { addTexts } from "../i18n";

const en = {
  create: "Credit note",
  has: "Credit note",
  hint: "What is not needed for the invoice stays as credit on account.",
  issue: "Issue credit note",
  issueFor: "Issue a credit note for {{number}}",
  reason: "Reason",
  reasonMissing: "Enter a reason: it stands in the ledger and in Audit.",
  title: "Credit note for {{number}}",
};

const vi: typeof en = {
  create: "Phiếu giảm trừ",
  has: "Phiếu giảm trừ",
  hint: "Phần không cần cho hóa đơn sẽ là tiền dư có.",
  issue: "Lập phiếu giảm trừ",
  issueFor: "Lập phiếu giảm trừ cho {{number}}",
  reason: "Lý do",
  reasonMissing: "Nhập lý do: nó có trong sổ cái và trong Nhật ký.",
  title: "Phiếu giảm trừ cho {{number}}",
};

export type CreditNoteTexts = typeof en;
addTexts("creditNotes", { en, vi });
