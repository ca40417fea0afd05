// What the browser loads before the directory and the first customer are there: the scripts that
// the page itself names.
import { readFileSync } from "node:fs";

const page = readFileSync("dist/index.html", "utf8");
const scripts = page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g);
const first = Array.from(scripts, ([, file]) => `dist/${file}`);

export default [
  { name: "first load, JavaScript", path: first, gzip: true, limit: "260 kB" },
  { name: "all styles", path: "dist/assets/*.css", gzip: true, limit: "45 kB" },
];
