import { addTexts } from "../i18n";

const en = {
  title: "Keyboard shortcuts",
  everywhere: "Everywhere",
  customers: "Directory and customer",
  single: "Single keys",
  singleHint: "Letters, digits and signs alone. Switch them off if they get in your way.",
  "Ctrl+K": "Search everything and run commands",
  "?": "This list",
  "g d": "Go to the customers",
  "g t": "Go to the tasks",
  "g r": "Go to the rules",
  "/": "Search",
  j: "Next customer",
  k: "Previous customer",
  c: "New customer",
  i: "Log an interaction",
  n: "Notes",
  t: "New task",
  r: "Run a rule",
  h: "History",
  "1–9": "Go to a tab",
  "[": "Show or hide the list",
  "]": "Show or hide the actions",
  "Ctrl+Enter": "Save what is being written",
  Esc: "Close",
};

export type KeysTexts = typeof en;

const vi: KeysTexts = {
  title: "Phím tắt",
  everywhere: "Mọi nơi",
  customers: "Danh bạ và khách hàng",
  single: "Phím đơn",
  singleHint: "Chữ cái, chữ số và ký hiệu bấm một mình. Tắt đi nếu chúng gây phiền.",
  "Ctrl+K": "Tìm mọi thứ và chạy lệnh",
  "?": "Danh sách này",
  "g d": "Đến trang khách hàng",
  "g t": "Đến trang công việc",
  "g r": "Đến trang quy tắc",
  "/": "Tìm kiếm",
  j: "Khách hàng sau",
  k: "Khách hàng trước",
  c: "Khách hàng mới",
  i: "Ghi tương tác",
  n: "Ghi chú",
  t: "Việc mới",
  r: "Chạy quy tắc",
  h: "Lịch sử",
  "1–9": "Đến một thẻ",
  "[": "Hiện hoặc ẩn danh sách",
  "]": "Hiện hoặc ẩn thao tác",
  "Ctrl+Enter": "Lưu nội dung đang viết",
  Esc: "Đóng",
};

addTexts("keys", { en, vi });
