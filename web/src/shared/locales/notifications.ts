import { addTexts } from "../i18n";

const en = {
  empty: "Nothing yet. What rules and colleagues want you to know stands here.",
  title: "Notifications",
};

export type NotificationsTexts = typeof en;

const vi: NotificationsTexts = {
  empty: "Chưa có gì. Những điều quy tắc và đồng nghiệp báo cho bạn sẽ hiện ở đây.",
  title: "Thông báo",
};

addTexts("notifications", { en, vi });
