import { addTexts } from "../i18n";

const en = {
  close: "Close the portal",
  copied: "Copied",
  copy: "Copy link",
  empty: "{{name}} has no access yet.",
  link: "Link for {{name}}",
  linkHint:
    "It is shown here only. Whoever has it reads the notes for the customer, until {{until}}.",
  make: "Make a link",
  notSent: "No e-mail went out: the service has no mail server, sender or public address.",
  open: "{{name}} has access until {{until}}.",
  renewHint: "A new link takes the place of the one before.",
  send: "Send it to {{address}} as well",
  sent: "The link is on its way by e-mail.",
  shows: "The portal shows the notes with the scope “Customer”, and nothing else.",
  title: "Portal",
};

const vi: typeof en = {
  close: "Đóng cổng thông tin",
  copied: "Đã sao chép",
  copy: "Sao chép liên kết",
  empty: "{{name}} chưa có quyền truy cập.",
  link: "Liên kết cho {{name}}",
  linkHint:
    "Liên kết chỉ hiện ở đây. Ai có liên kết sẽ đọc được ghi chú dành cho khách hàng, đến {{until}}.",
  make: "Tạo liên kết",
  notSent: "Chưa gửi e-mail: dịch vụ chưa có máy chủ thư, người gửi hoặc địa chỉ công khai.",
  open: "{{name}} có quyền truy cập đến {{until}}.",
  renewHint: "Liên kết mới thay thế liên kết trước.",
  send: "Gửi cả đến {{address}}",
  sent: "Liên kết đang được gửi qua e-mail.",
  shows: "Cổng thông tin chỉ hiển thị ghi chú có phạm vi “Khách hàng”, ngoài ra không gì khác.",
  title: "Cổng thông tin",
};

export type PortalTexts = typeof en;
addTexts("portal", { en, vi });
