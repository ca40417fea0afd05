import { expect, test } from "vitest";
import { barredBy } from "./capabilities";

const command = (name: string, permission: string, code?: "role" | "reach" | "archived") => ({
  name,
  permission,
  available: code === undefined,
  reason: code && { code, detail: "" },
});

test("a permission is barred where none of its commands is left, and not by one's role", () => {
  const commands = [
    command("customer.tag", "customer.edit", "archived"),
    command("customer.erase", "customer.erase"),
    command("account.receive_payment", "finance.write"),
    command("account.issue_invoice", "finance.write", "archived"),
    command("customer.raise_risk_flag", "risk.write", "role"),
  ];
  expect([...barredBy({ tabs: [], commands })]).toEqual([["customer.edit", "archived"]]);
  expect(barredBy(undefined).size).toBe(0);
});
