import { readdirSync } from "node:fs";
import { running, stopAll } from "./service";

export default async function end() {
  await stopAll(readdirSync(running));
}
