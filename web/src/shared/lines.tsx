import { Button, CloseButton, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import css from "./lines.module.css";
import { Money } from "./money";

export type Line = { id: number; description: string; quantity: string; unit_price: string };

export function blank(id: number): Line {
  return { id, description: "", quantity: "1", unit_price: "" };
}

/** Lines in which something was written, as the service takes them. */
export function written(lines: Line[]) {
  return lines
    .filter((line) => line.description.trim() !== "" || line.unit_price.trim() !== "")
    .map(({ description, quantity, unit_price }) => ({
      description: description.trim() === "" ? undefined : description.trim(),
      quantity: plain(quantity),
      unit_price: plain(unit_price),
    }));
}

/** A number as it is typed: "1,50" is 1.50 as well. */
export function plain(typed: string): string {
  const text = typed.trim().replaceAll(/\s/g, "");
  return text.includes(".") ? text : text.replace(",", ".");
}

export function isNumber(typed: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(plain(typed));
}

/** What the lines come to, without the rounding of floating numbers. */
export function total(lines: Line[]): string {
  const scaled = (text: string): [bigint, number] => {
    const [whole = "0", part = ""] = (isNumber(text) ? plain(text) : "0").split(".");
    return [BigInt(whole + part), part.length];
  };
  let cents = 0n;
  for (const line of lines) {
    const [quantity, a] = scaled(line.quantity);
    const [price, b] = scaled(line.unit_price);
    cents += (quantity * price * 10n ** 8n) / 10n ** BigInt(a + b);
  }
  const rounded = (cents + (cents < 0n ? -500_000n : 500_000n)) / 1_000_000n;
  const digits = `${rounded < 0n ? -rounded : rounded}`.padStart(3, "0");
  return `${rounded < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function Lines(props: {
  lines: Line[];
  onLines: (lines: Line[]) => void;
  currency: string;
  wrong: (line: number, field: "quantity" | "unit_price") => string | undefined;
}) {
  const { lines, onLines } = props;
  const { t } = useTranslation();
  const set = (id: number, field: keyof Line) => (event: { currentTarget: { value: string } }) =>
    onLines(
      lines.map((line) =>
        line.id === id ? { ...line, [field]: event.currentTarget.value } : line,
      ),
    );
  return (
    <fieldset className={css.lines}>
      <legend className="small">{t("line.title")}</legend>
      {lines.map((line, at) => (
        <div key={line.id} className={css.line}>
          <TextInput
            aria-label={t("line.description")}
            placeholder={t("line.description")}
            value={line.description}
            onChange={set(line.id, "description")}
          />
          <TextInput
            aria-label={t("line.quantity")}
            placeholder={t("line.quantity")}
            inputMode="decimal"
            value={line.quantity}
            onChange={set(line.id, "quantity")}
            error={props.wrong(at, "quantity")}
          />
          <TextInput
            aria-label={t("line.price")}
            placeholder={t("line.price")}
            inputMode="decimal"
            value={line.unit_price}
            onChange={set(line.id, "unit_price")}
            error={props.wrong(at, "unit_price")}
          />
          <CloseButton
            aria-label={t("line.remove")}
            disabled={lines.length === 1}
            onClick={() => onLines(lines.filter((other) => other.id !== line.id))}
          />
        </div>
      ))}
      <div className="between flush">
        <Button
          variant="subtle"
          onClick={() => onLines([...lines, blank(Math.max(...lines.map(({ id }) => id)) + 1)])}
        >
          {t("line.add")}
        </Button>
        <p>
          {t("line.total")} <Money amount={total(lines)} currency={props.currency} />
        </p>
      </div>
    </fieldset>
  );
}
