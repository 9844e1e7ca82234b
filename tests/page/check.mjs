// Opens report pages in a real browser: no error, no request, nothing wider than the screen, no violation that axe finds, and tables
// that sort. Usage: node check.mjs CHROMIUM PAGE…
import { chromium } from "playwright-core";
import axe from "axe-core";
import { pathToFileURL } from "node:url";

const [executablePath, ...pages] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"],
});
const wrong = [];
let checked = 0;
for (const path of pages) {
  for (const width of [360, 1440]) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${path} at ${width} px, ${colorScheme}`;
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      page.on("console", (own) => { if (own.type() === "error" || own.type() === "warning") wrong.push(`${where}: ${own.text()}`); });
      page.on("pageerror", (own) => wrong.push(`${where}: ${own.message}`));
      page.on("dialog", (own) => { wrong.push(`${where}: a dialog opened: ${own.message()}`); own.dismiss(); });
      page.on("request", (own) => { if (!own.url().startsWith("file:") && !own.url().startsWith("data:")) wrong.push(`${where}: asks for ${own.url()}`); });
      await page.goto(pathToFileURL(path).href);
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      if (widest > width) wrong.push(`${where}: the page is ${widest} px wide`);
      // The page forbids scripts from elsewhere, not those that a test brings.
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      for (const own of violations) {
        wrong.push(`${where}: ${own.id}: ${own.help}: ${own.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
      }
      wrong.push(...(await sorted(page)).map((own) => `${where}: ${own}`));
      await page.close();
      checked += 1;
    }
  }
}
await browser.close();
wrong.forEach((own) => console.error(own));
console.log(`${checked} views of ${pages.length} pages, ${wrong.length} problems`);
process.exit(wrong.length > 0 || checked === 0 ? 1 : 0);

// Sorts the accounts by cost with the keyboard, down and up, and compares with what the cells say.
async function sorted(page) {
  const table = page.locator("#by-account").locator("xpath=following::table[1]");
  const button = table.locator("thead th button").nth(1);
  const problems = [];
  for (const direction of ["ascending", "descending"]) {
    await button.focus();
    await page.keyboard.press("Enter");
    const state = await table.locator("thead th").nth(1).getAttribute("aria-sort");
    if (state !== direction) problems.push(`sorted ${state}, not ${direction}`);
    const numbers = await table.locator("tbody td:nth-child(2)").evaluateAll((all) => all.map((own) => Number(own.dataset.n)));
    const expected = [...numbers].sort((one, two) => (direction === "ascending" ? one - two : two - one));
    if (numbers.length === 0 || numbers.join() !== expected.join()) problems.push(`not ${direction}: ${numbers.join(" ")}`);
  }
  return problems;
}
