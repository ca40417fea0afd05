// Colours, sizes of type and shadows are said in the theme file alone, and sides by the direction
// of reading, so that a right-to-left page needs no second set of styles.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const THEME = join("src", "shared", "theme.ts");
const rules = [
  [/#[0-9a-f]{3,8}\b(?![-\w])/i, "a colour"],
  [/\b(?:rgba?|hsla?|oklch|oklab)\(/i, "a colour"],
  [/font-size:\s*[\d.]/i, "a size of type"],
  [/fontSize[=:]\s*["'{]*\d/, "a size of type"],
  [/box-shadow:(?!\s*(?:none|var\())/i, "a shadow"],
  [/\b(?:margin|padding|border)-(?:left|right)\b/, "a side; say inline-start or inline-end"],
  [/^\s*(?:left|right):/, "a side; say inset-inline-start or inset-inline-end"],
  [/text-align:\s*(?:left|right)/, "a side; say start or end"],
];

let found = 0;
for (const entry of readdirSync("src", { recursive: true })) {
  const path = join("src", entry);
  if (!/\.(?:css|tsx?)$/.test(path) || path === THEME || path.endsWith("schema.d.ts")) continue;
  readFileSync(path, "utf8")
    .split("\n")
    .forEach((line, index) => {
      for (const [pattern, what] of rules) {
        if (!pattern.test(line)) continue;
        console.error(`${path}:${index + 1}: ${what} outside ${THEME}\n    ${line.trim()}`);
        found += 1;
      }
    });
}
process.exit(found === 0 ? 0 : 1);
