import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome"];
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));

/** How the browser is started that is installed here; none is ever fetched. */
export const chromium = {
  executablePath: process.env.CHROMIUM ?? places.find((place) => existsSync(place)),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
