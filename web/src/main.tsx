import "@/shared/styles";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { startLanguage } from "@/shared/i18n";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place to begin");
await startLanguage();
createRoot(root).render(<App />);
