/** How numbers, money, days and times are written, by the language of the page. */

export function money(amount: string, language: string): string {
  const [whole = "0", part = ""] = amount.replace("-", "").split(".");
  const digits = part.padEnd(2, "0");
  const kept = digits.replace(/0+$/, "").padEnd(2, "0");
  const separator = new Intl.NumberFormat(language).formatToParts(1.5)[1]?.value ?? ".";
  const grouped = new Intl.NumberFormat(language).format(BigInt(whole));
  const isZero = /^0*$/.test(whole + part);
  return `${amount.startsWith("-") && !isZero ? "\u2212" : ""}${grouped}${separator}${kept}`;
}

export function isZero(amount: string): boolean {
  return /^-?0*(?:\.0*)?$/.test(amount);
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** How large a file is, in the unit that fits. */
export function size(bytes: number, language: string): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  });
  return format.format(bytes / 1000 ** step);
}

/** A day without a time, as it stands: no zone may move it. */
export function day(text: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(`${text.slice(0, 10)}T00:00:00Z`));
}

export function moment(text: string, language: string, timeZone?: string): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "long",
    timeZone,
  });
  return format.format(new Date(text));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Relative up to seven days, then the date. */
export function ago(text: string, language: string, now: Date): string {
  const seconds = (new Date(text).getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) >= 7 * 86_400) {
    return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(text));
  }
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(0, "second");
}

/** A day as people say it: today, yesterday, else the date. */
export function nearDay(on: string, language: string, now: Date): string {
  const days = (Date.parse(on) - Date.parse(localDay(now))) / 86_400_000;
  if (days < -1 || days > 0) return day(on, language);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
}

export function days(count: number, language: string): string {
  const format = { style: "unit", unit: "day", unitDisplay: "long" } as const;
  return new Intl.NumberFormat(language, format).format(count);
}

/** The day of a moment where the reader is, for headings and for `<input type="date">`. */
export function localDay(date: Date): string {
  const two = (value: number) => `${value}`.padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Of a name, the letters of a round picture. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return ends.map((word) => [...(word ?? "?")][0]?.toLocaleUpperCase()).join("");
}
