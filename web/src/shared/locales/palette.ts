import { addTexts } from "../i18n";

const en = {
  go: "Go to: {{page}}",
  group_commands: "Commands",
  group_customers: "Customers",
  group_invoices: "Invoices",
  group_orders: "Orders",
  group_pages: "Pages and settings",
  group_quotes: "Quotes",
  group_recent: "Opened lately",
  group_tasks: "Open tasks",
  language: "Language: {{language}}",
  look: "Look: {{look}}",
  nothing: "Nothing fits “{{text}}”.",
  placeholder: "Search everything, or say what to do",
  results: "What fits",
  title: "Search and commands",
};

export type PaletteTexts = typeof en;

const vi: PaletteTexts = {
  go: "Đến: {{page}}",
  group_commands: "Lệnh",
  group_customers: "Khách hàng",
  group_invoices: "Hóa đơn",
  group_orders: "Đơn hàng",
  group_pages: "Trang và cài đặt",
  group_quotes: "Báo giá",
  group_recent: "Mở gần đây",
  group_tasks: "Việc đang mở",
  language: "Ngôn ngữ: {{language}}",
  look: "Giao diện: {{look}}",
  nothing: "Không có gì khớp với “{{text}}”.",
  placeholder: "Tìm mọi thứ, hoặc nhập việc muốn làm",
  results: "Kết quả",
  title: "Tìm kiếm và lệnh",
};

addTexts("palette", { en, vi });
