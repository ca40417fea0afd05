// Before the first paint: the look that was chosen, else the system's.
const chosen = localStorage.getItem("mantine-color-scheme-value");
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.setAttribute(
  "data-mantine-color-scheme",
  chosen === "light" || chosen === "dark" ? chosen : dark ? "dark" : "light",
);
