import { Switch } from "@mantine/core";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Switch.css";
import { useTranslation } from "react-i18next";
import "@/shared/locales/keys";
import { useMay } from "@/shared/session";
import { SideDrawer } from "@/shared/side-drawer";
import css from "./key-sheet.module.css";
import { useSingleKeys } from "./keys";
import { pagesFor } from "./pages";

const CUSTOMERS = [
  "/",
  "j",
  "k",
  "↓ ↑",
  "c",
  "i",
  "n",
  "e",
  "t",
  "r",
  "s",
  "f",
  "a",
  "l",
  "w",
  "h",
  "x",
  "Shift+X",
  "Ctrl+A",
  "z",
  "1–9",
  "0",
  "g a",
  "[",
  "]",
] as const;

/** The keys that there are, and the switch for those of a single character. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("keys");
  const [isOn, setOn] = useSingleKeys();
  const pages = pagesFor(useMay()).map(({ key }) => `g ${key}` as const);
  return (
    <SideDrawer title={t("title")} onClose={onClose}>
      <div className="groups">
        <Switch
          label={t("single")}
          description={t("singleHint")}
          checked={isOn}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
        <Keys
          title={t("everywhere")}
          keys={["Ctrl+K", "?", ...pages, "Ctrl+Enter", "Ctrl+S", "Esc"]}
          isOn={isOn}
        />
        <Keys title={t("customers")} keys={CUSTOMERS} isOn={isOn} />
      </div>
    </SideDrawer>
  );
}

type Key =
  | "Ctrl+K"
  | "?"
  | "g d"
  | "g t"
  | "g r"
  | "g s"
  | "Ctrl+Enter"
  | "Ctrl+S"
  | "Esc"
  | (typeof CUSTOMERS)[number];

function Keys({ title, keys, isOn }: { title: string; keys: readonly Key[]; isOn: boolean }) {
  const { t } = useTranslation("keys");
  return (
    <section className="stack">
      <h3>{title}</h3>
      <dl className={css.keys}>
        {keys.map((key) => (
          <div key={key} className={css.key} data-off={!isOn && !/^(?:Ctrl|Esc)/.test(key)}>
            <dt>
              {key.split(" ").map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
