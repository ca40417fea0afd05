import { addTexts } from "../i18n";

const en = {
  missing: "Versions {{versions}} of the record are missing here.",
  part: "v{{latest}} to v{{first}} of the record without a gap; earlier ones follow below.",
  asItWas: "As it was",
  verify: "Verify",
  whole_one:
    "Version {{version}}: one entry of the record, no gap; {{others}} of orders, money and tasks.",
  whole_other:
    "Version {{version}}: {{count}} entries of the record, no gap; {{others}} of orders, money and tasks.",
  yours: "What your role does not see is left out.",
};

const vi: typeof en = {
  missing: "Thiếu các phiên bản {{versions}} của hồ sơ ở đây.",
  part: "v{{latest}} đến v{{first}} của hồ sơ, không khoảng trống; các bản cũ hơn ở dưới.",
  asItWas: "Như lúc đó",
  verify: "Kiểm chứng",
  whole_one:
    "Phiên bản {{version}}: {{count}} mục của hồ sơ, không khoảng trống; {{others}} về đơn hàng, tiền và việc.",
  whole_other:
    "Phiên bản {{version}}: {{count}} mục của hồ sơ, không khoảng trống; {{others}} về đơn hàng, tiền và việc.",
  yours: "Những gì vai trò của bạn không thấy thì không có ở đây.",
};

export type ProofTexts = typeof en;
addTexts("proof", { en, vi });
