import { addTexts } from "../i18n";

const en = {
  missing: "Versions {{versions}} of the record are missing here.",
  part: "Entries v{{latest}} to v{{first}} of the record are here, no gap; earlier ones follow below.",
  asItWas: "As it was",
  verify: "Verify",
  whole_one:
    "Version {{version}}: the one entry of the record is here, no gap. {{others}} more are of orders, money, tasks and files, which count their own.",
  whole_other:
    "Version {{version}}: the {{count}} entries of the record are here, v1 to v{{version}}, no gap. {{others}} more are of orders, money, tasks and files, which count their own.",
  yours: "What your role does not see is left out.",
};

const vi: typeof en = {
  missing: "Thiếu các phiên bản {{versions}} của hồ sơ ở đây.",
  part: "Các mục v{{latest}} đến v{{first}} của hồ sơ, không khoảng trống; các mục cũ hơn ở dưới.",
  asItWas: "Như lúc đó",
  verify: "Kiểm chứng",
  whole_one:
    "Phiên bản {{version}}: đủ {{count}} mục của hồ sơ, v1 đến v{{version}}, không khoảng trống. {{others}} mục khác thuộc đơn hàng, tiền, công việc và tệp, được đánh số riêng.",
  whole_other:
    "Phiên bản {{version}}: đủ {{count}} mục của hồ sơ, v1 đến v{{version}}, không khoảng trống. {{others}} mục khác thuộc đơn hàng, tiền, công việc và tệp, được đánh số riêng.",
  yours: "Những gì vai trò của bạn không thấy thì không có ở đây.",
};

export type ProofTexts = typeof en;
addTexts("proof", { en, vi });
