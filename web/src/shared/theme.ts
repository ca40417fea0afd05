import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
} from "@mantine/core";

/** All sizes, colours and shadows of the page; `scripts/theme.mjs` holds the rest to it. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Ubuntu, sans-serif",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1rem", sm: "1.125rem", md: "1.25rem", lg: "1.5rem", xl: "1.75rem" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "0.75rem", lg: "1rem", xl: "1.5rem" },
  radius: { sm: "4px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    if (input.variant !== "subtle") return colours;
    const color = input.color === "indigo" ? "var(--accent)" : colours.color;
    return { ...colours, color, hover: "var(--hover)" };
  },
  components: {
    Button: { defaultProps: { size: "xs", variant: "default" } },
    ActionIcon: { defaultProps: { size: 32, variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    NativeSelect: { defaultProps: { size: "xs" } },
    Tooltip: { defaultProps: { openDelay: 500, withArrow: false, multiline: true, maw: 320 } },
    Menu: {
      defaultProps: {
        transitionProps: { duration: 120 },
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 120 }, withinPortal: false } },
    DrawerRoot: { defaultProps: { transitionProps: { duration: 120 } } },
  },
});

const light = {
  text: "var(--mantine-color-gray-9)",
  quiet: "var(--mantine-color-gray-7)",
  line: "var(--mantine-color-gray-3)",
  control: "var(--mantine-color-gray-6)",
  centre: "var(--mantine-color-white)",
  side: "var(--mantine-color-gray-0)",
  hover: "var(--mantine-color-gray-1)",
  chosen: "var(--mantine-color-indigo-0)",
  accent: "var(--mantine-color-indigo-7)",
  wrong: "var(--mantine-color-red-9)",
  good: "var(--mantine-color-teal-9)",
  past: "var(--mantine-color-yellow-9)",
  "past-ground": "var(--mantine-color-yellow-0)",
  float: "0 4px 16px rgb(0 0 0 / 16%)",
};

const dark: typeof light = {
  text: "var(--mantine-color-dark-0)",
  quiet: "var(--mantine-color-dark-1)",
  line: "var(--mantine-color-dark-4)",
  control: "var(--mantine-color-dark-2)",
  centre: "var(--mantine-color-dark-7)",
  side: "var(--mantine-color-dark-8)",
  hover: "var(--mantine-color-dark-6)",
  chosen: "var(--mantine-color-dark-6)",
  accent: "var(--mantine-color-indigo-3)",
  wrong: "var(--mantine-color-red-3)",
  good: "var(--mantine-color-teal-2)",
  past: "var(--mantine-color-yellow-5)",
  "past-ground": "var(--mantine-color-dark-6)",
  float: "0 0 0 1px var(--mantine-color-dark-4)",
};

/** A badge in the light look: text and ground, on light and on dark, all above 4.5 to 1. */
const badges = {
  red: ["red-9", "red-0", "red-2", "dark-6"],
  yellow: ["gray-9", "yellow-1", "yellow-2", "dark-6"],
  teal: ["teal-9", "teal-0", "teal-2", "dark-6"],
  indigo: ["indigo-9", "indigo-0", "indigo-2", "dark-6"],
  grape: ["grape-9", "grape-0", "grape-2", "dark-6"],
  gray: ["gray-9", "gray-1", "dark-0", "dark-5"],
};

export type Tone = keyof typeof badges;

function tokens(look: typeof light, isDark: boolean): Record<string, string> {
  const own = Object.entries(look).map(([name, value]) => [`--${name}`, value]);
  const tones = Object.entries(badges).flatMap(([tone, [text, ground, darkText, darkGround]]) => [
    [`--${tone}-text`, `var(--mantine-color-${isDark ? darkText : text})`],
    [`--${tone}-ground`, `var(--mantine-color-${isDark ? darkGround : ground})`],
  ]);
  return Object.fromEntries([
    ...own,
    ...tones,
    ["--mantine-color-text", look.text],
    ["--mantine-color-dimmed", look.quiet],
    ["--mantine-color-placeholder", look.quiet],
    ["--mantine-color-error", look.wrong],
    ["--mantine-color-anchor", look.accent],
    ["--mantine-color-body", look.centre],
    ["--mantine-color-default", look.centre],
    ["--mantine-color-default-border", look.control],
    ["--mantine-shadow-md", look.float],
    ["--mantine-shadow-sm", look.float],
  ]);
}

export const variables: CSSVariablesResolver = () => ({
  variables: { "--weight-normal": "400", "--weight-medium": "500", "--weight-strong": "600" },
  light: tokens(light, false),
  dark: tokens(dark, true),
});
