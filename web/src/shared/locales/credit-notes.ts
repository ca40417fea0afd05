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
  create: "Giấy báo có",
  has: "Giấy báo có",
  hint: "Phần không cần cho hóa đơn sẽ là tiền dư.",
  issue: "Lập giấy báo có",
  issueFor: "Lập giấy báo có cho {{number}}",
  reason: "Lý do",
  reasonMissing: "Nhập lý do: nó có trong sổ cái và trong Nhật ký.",
  title: "Giấy báo có cho {{number}}",
};

export type CreditNoteTexts = typeof en;
addTexts("creditNotes", { en, vi });
