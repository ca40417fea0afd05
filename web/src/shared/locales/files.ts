import { addTexts } from "../i18n";

const en = {
  add: "Add files",
  by: "by {{name}}",
  close: "Close preview",
  dismiss: "Remove from this list",
  download: "Download {{name}}",
  drop: "Drop files here, or",
  empty: "No files yet. Drop a contract, a photo or a scan here, or choose it.",
  erased: "Erased file",
  failed: "Not uploaded.",
  noDownload: "Not downloaded. {{reason}}",
  preview: "Preview of {{name}}",
  remove: "Remove {{name}}",
  removed: "“{{name}}” removed.",
  retry: "Try again",
  scope: "Who will read the files",
  undo: "Undo",
  uploading: "Uploading {{name}}",
  waiting: "Waiting",
};

const vi: typeof en = {
  add: "Thêm tệp",
  by: "bởi {{name}}",
  close: "Đóng bản xem trước",
  dismiss: "Bỏ khỏi danh sách này",
  download: "Tải xuống {{name}}",
  drop: "Thả tệp vào đây, hoặc",
  empty: "Chưa có tệp nào. Hãy thả hợp đồng, ảnh hoặc bản quét vào đây, hoặc chọn tệp.",
  erased: "Tệp đã xóa vĩnh viễn",
  failed: "Chưa tải lên được.",
  noDownload: "Chưa tải xuống được. {{reason}}",
  preview: "Bản xem trước của {{name}}",
  remove: "Gỡ {{name}}",
  removed: "Đã gỡ “{{name}}”.",
  retry: "Thử lại",
  scope: "Ai sẽ đọc được các tệp",
  undo: "Hoàn tác",
  uploading: "Đang tải lên {{name}}",
  waiting: "Đang chờ",
};

export type FilesTexts = typeof en;
addTexts("files", { en, vi });
