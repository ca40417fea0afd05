/** What of a payment goes on the invoice, and what stays as credit; never a negative invoice. */
export function split(amount: string, open: string | undefined) {
  const paid = scaled(amount);
  const left = open === undefined ? 0n : scaled(open);
  const allocated = paid < left ? paid : left;
  return { allocated: text(allocated), credit: text(paid - allocated) };
}

const PLACES = 6;

function scaled(amount: string): bigint {
  const [whole = "0", part = ""] = amount.split(".");
  return BigInt(whole + part.slice(0, PLACES).padEnd(PLACES, "0"));
}

function text(value: bigint): string {
  const digits = `${value}`.padStart(PLACES + 1, "0");
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}
