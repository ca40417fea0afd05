import { addTexts } from "../i18n";

const en = {
  broken: "The chain is broken.",
  brokenMeans:
    "Something that was recorded is no longer what it was. Keep a copy of the database and compare it with a backup; here is where it begins:",
  check: "Verify",
  customer_one: "The record is intact: one event fits the chain of the log.",
  customer_other: "The record is intact: {{count}} events fit the chain of the log.",
  end: "Heads are not signed yet: somebody with the whole database in their hands could compute a new chain over other events, unless an older head is kept elsewhere.",
  endSigned:
    "That holds as long as the key that signs heads is not in the same hands as the database.",
  guarantee:
    "Nobody has changed, removed or put in between anything since it was recorded: every event is in the digest that the next one builds on.",
  intact: "The chain is intact up to {{upTo}}; heads are not signed yet.",
  signed: "The chain is intact up to {{upTo}}, and its head is signed.",
  title: "Verify the record",
};

const vi: typeof en = {
  broken: "Chuỗi đã bị đứt.",
  brokenMeans:
    "Có điều đã ghi không còn như cũ. Hãy giữ một bản sao cơ sở dữ liệu và so với bản sao lưu; chỗ bắt đầu là:",
  check: "Kiểm chứng",
  customer_one: "Hồ sơ nguyên vẹn: {{count}} sự kiện khớp với chuỗi nhật ký.",
  customer_other: "Hồ sơ nguyên vẹn: {{count}} sự kiện khớp với chuỗi nhật ký.",
  end: "Đầu chuỗi chưa được ký: ai nắm toàn bộ cơ sở dữ liệu có thể tính lại chuỗi trên các sự kiện khác, trừ khi một đầu chuỗi cũ được giữ ở nơi khác.",
  endSigned: "Điều này đúng chừng nào khóa ký đầu chuỗi không nằm cùng tay với cơ sở dữ liệu.",
  guarantee:
    "Không ai sửa, xóa hay chèn gì từ khi được ghi: mỗi sự kiện nằm trong mã băm mà sự kiện sau dựa vào.",
  intact: "Chuỗi nguyên vẹn đến {{upTo}}; đầu chuỗi chưa được ký.",
  signed: "Chuỗi nguyên vẹn đến {{upTo}}, và đầu chuỗi đã được ký.",
  title: "Kiểm chứng hồ sơ",
};

export type VerifyTexts = typeof en;
addTexts("verify", { en, vi });
