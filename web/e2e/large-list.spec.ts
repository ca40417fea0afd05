import { rows } from "./support/page";
import { expect, test } from "./support/test";

const COUNT = process.env.DOSSIER_TEST_LONG === "1" ? 100_000 : 10_000;

test(`a list of ${COUNT} customers has few rows in the page, down to its end`, async ({
  as,
  api,
}) => {
  test.setTimeout(COUNT * 12 + 60_000);
  const owner = await api("owner");
  const lines = Array.from({ length: COUNT }, (_, at) => `${at},person,Row,N${at},many`);
  await owner.import(
    "kind=customers&source=many",
    ["external_id,type,first_name,last_name,tags", ...lines].join("\n"),
  );
  const page = await as("viewer");
  await expect(rows(page).first()).toBeVisible();
  await page.goto(`${page.url().split("?")[0]}?tag=many&sort=-updated_at`);
  const list = page.getByRole("list", { name: "Customers" });
  const scroller = list.locator("..");
  await expect(rows(page).first()).toContainText("Row N");
  const whole = COUNT * 56;
  let most = 0;
  await expect(async () => {
    const seen = await scroller.evaluate(async (element) => {
      let most = 0;
      for (let step = 0; step < 40; step += 1) {
        element.scrollTop += 2000;
        await new Promise((painted) => requestAnimationFrame(painted));
        most = Math.max(most, element.querySelectorAll("li").length);
      }
      return { most, height: element.scrollHeight, end: element.scrollTop + element.clientHeight };
    });
    most = Math.max(most, seen.most);
    expect(seen.height).toBeGreaterThanOrEqual(whole);
    expect(Math.round(seen.end)).toBeGreaterThanOrEqual(whole);
  }).toPass({ intervals: [10] });
  expect(most).toBeGreaterThan(10);
  expect(most).toBeLessThanOrEqual(60);
});
