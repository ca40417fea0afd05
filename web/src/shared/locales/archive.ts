import { addTexts } from "../i18n";

const en = {
  title: "Archive {{name}}",
  hint: "They leave the list and nothing about them can be changed. Nothing is lost: the list shows them under “Archived”, and there they can be restored.",
  save: "Archive customer",
};

const vi: typeof en = {
  title: "Lưu trữ {{name}}",
  hint: "Khách hàng rời khỏi danh sách và không thể thay đổi gì nữa. Không có gì bị mất: danh sách hiện họ ở mục “Đã lưu trữ”, và ở đó có thể khôi phục.",
  save: "Lưu trữ khách hàng",
};

export type ArchiveTexts = typeof en;
addTexts("archive", { en, vi });
