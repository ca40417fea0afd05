import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { ArchiveTexts } from "./locales/archive";
import type { BulkTexts } from "./locales/bulk";
import type { ContactTexts } from "./locales/contact";
import type { CreditNoteTexts } from "./locales/credit-notes";
import { en } from "./locales/en";
import type { FilesTexts } from "./locales/files";
import type { HistoryTexts } from "./locales/history";
import type { InsightTexts } from "./locales/insight";
import type { KeysTexts } from "./locales/keys";
import type { NotificationsTexts } from "./locales/notifications";
import type { PaletteTexts } from "./locales/palette";
import type { PortalTexts } from "./locales/portal";
import type { ProofTexts } from "./locales/proof";
import type { RulesTexts } from "./locales/rules";
import type { SettingsTexts } from "./locales/settings";
import type { TasksTexts } from "./locales/tasks";
import type { VerifyTexts } from "./locales/verify";
import type { VisitTexts } from "./locales/visit";

/**
 * Texts of what is loaded when it is first opened, by the name for `useTranslation`. Each has a file
 * in `locales` that is imported for its effect by the first module that shows them.
 */
export type LateTexts = {
  archive: ArchiveTexts;
  bulk: BulkTexts;
  contact: ContactTexts;
  creditNotes: CreditNoteTexts;
  files: FilesTexts;
  history: HistoryTexts;
  insight: InsightTexts;
  keys: KeysTexts;
  notifications: NotificationsTexts;
  palette: PaletteTexts;
  portal: PortalTexts;
  proof: ProofTexts;
  rules: RulesTexts;
  settings: SettingsTexts;
  tasks: TasksTexts;
  verify: VerifyTexts;
  visit: VisitTexts;
};

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en } & LateTexts;
  }
}

export const LANGUAGES = { en: "English", vi: "Tiếng Việt" } as const;
export type Language = keyof typeof LANGUAGES;
const KEPT = "dossier-language";

function isLanguage(text: string | undefined): text is Language {
  return text !== undefined && text in LANGUAGES;
}

function preferred(): Language {
  const kept = localStorage.getItem(KEPT) ?? undefined;
  if (isLanguage(kept)) return kept;
  const asked = navigator.languages.map((language) => language.split("-")[0]);
  return asked.find(isLanguage) ?? "en";
}

export async function speak(language: Language) {
  if (language === "vi" && !i18next.hasResourceBundle("vi", "translation")) {
    const { vi } = await import("./locales/vi");
    i18next.addResourceBundle("vi", "translation", vi);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
}

export function choose(language: Language) {
  localStorage.setItem(KEPT, language);
  return speak(language);
}

/** Adds what a file of late texts says. */
export function addTexts(name: keyof LateTexts, texts: Record<Language, object>) {
  for (const [language, words] of Object.entries(texts)) {
    i18next.addResourceBundle(language, name, words);
  }
}

export async function startLanguage() {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  await speak(preferred());
}

/** How the reader's own country writes numbers and days, where it speaks the page's language. */
export function useLocale(): string {
  const { language } = useTranslation().i18n;
  return navigator.languages.find((own) => own.split("-")[0] === language) ?? language;
}
