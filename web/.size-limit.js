// What the browser loads before the directory and the first customer are there: the entry, the
// workspace, and all that they import outright.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));

function reached(chunk, found = new Set()) {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const next of manifest[chunk].imports ?? []) reached(next, found);
  return found;
}

const first = [...reached("src/app/workspace.tsx", reached("index.html"))].map(
  (chunk) => `dist/${manifest[chunk].file}`,
);

export default [
  { name: "first load, JavaScript", path: first, gzip: true, limit: "260 kB" },
  { name: "all styles", path: "dist/assets/*.css", gzip: true, limit: "45 kB" },
];
