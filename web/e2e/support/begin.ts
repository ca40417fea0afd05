import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { prepare, running, stopAll } from "./service";

const INDEX = join("dist", "index.html");

export default async function begin() {
  if (!isBuilt()) execFileSync("npx", ["vite", "build"], { stdio: "inherit" });
  await prepare();
  await stopAll(readdirSync(running));
}

/** Whether the page that the service shows is newer than all that it is made of. */
function isBuilt(): boolean {
  if (!existsSync(INDEX)) return false;
  const built = statSync(INDEX).mtimeMs;
  const made = ["src", "public"].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((entry) => join(folder, `${entry}`)),
  );
  return [...made, "index.html", "vite.config.ts", "package-lock.json"].every(
    (path) => statSync(path).mtimeMs <= built,
  );
}
