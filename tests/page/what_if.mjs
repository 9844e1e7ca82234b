// Moves the sliders of a report page with the keyboard and the mouse's place, and compares what it shows with `trailcost estimate` of the
// same scenario with its volumes multiplied, to the cent. Usage: node what_if.mjs CHROMIUM TRAILCOST SCENARIO PAGE
import { chromium } from "playwright-core";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [executablePath, trailcost, scenarioPath, path] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "what-if-"));
const scenario = readFileSync(scenarioPath, "utf8");
// What a slider is called, and the volumes that it multiplies.
const NAMES = {
  "Management event copies": ["paid_management_events"],
  "Data events, S3": ["s3_data_events"],
  "Insights on management events": ['"AWSCloudTrail:InsightsEvents"'],
  "S3 storage": ['"AmazonS3:TimedStorage-ByteHrs"'],
};
const POSITIONS = [[100, 100, 100, 100], [0, 0, 0, 0], [300, 300, 300, 300], [45, 100, 100, 100], [33, 251, 7, 90], [110, 3, 199, 1]];
const wrong = [];

// A quantity times a percentage: events half-even to whole ones, anything else exactly.
const times = (text, percent) => {
  const [whole, fraction = ""] = text.split(".");
  const scaled = BigInt(whole + fraction) * BigInt(percent);
  if (fraction === "") {
    let [quotient, rest] = [scaled / 100n, (scaled % 100n) * 2n];
    if (rest > 100n || (rest === 100n && quotient % 2n === 1n)) quotient += 1n;
    return quotient.toString();
  }
  const digits = scaled.toString().padStart(fraction.length + 3, "0");
  const at = digits.length - fraction.length - 2;
  return `${digits.slice(0, at)}.${digits.slice(at)}`;
};
const multiplied = (percents) => {
  let text = scenario;
  for (const [name, percent] of Object.entries(percents)) {
    for (const key of NAMES[name]) {
      text = text.replace(new RegExp(`(${key} = )([0-9.]+)`, "g"), (_, before, own) => {
        const product = times(own, percent);
        return before + (product.includes(".") ? `"${product}"` : product);
      });
    }
  }
  return text;
};
const estimated = (text) => {
  const file = join(folder, "own.toml");
  writeFileSync(file, text);
  const { summary } = JSON.parse(execFileSync(trailcost, ["estimate", "--quiet", "--format", "json", file], { encoding: "utf8" }));
  return summary.first_month;
};
// Cents of so many months, half away from zero.
const cents = (amount, months) => {
  const [whole, fraction = ""] = amount.split(".");
  const units = BigInt(whole + fraction.padEnd(24, "0")) * BigInt(months);
  return (units + 5n * 10n ** 21n) / 10n ** 22n;
};
const shown = (text) => BigInt(text.replace(/[^0-9]/g, ""));

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.on("pageerror", (own) => wrong.push(own.message));
await page.goto(pathToFileURL(path).href);
const labels = await page.locator(".lever label").allTextContents();
if (labels.length !== Object.keys(NAMES).length || labels.some((own) => !NAMES[own])) wrong.push(`sliders: ${labels.join(", ")}`);
let compared = 0;
const total = async (months) => shown(await page.locator(`tr[data-months="${months}"] td`).nth(1).textContent());
const compare = async (percents, what) => {
  const first = estimated(multiplied(percents));
  for (const months of [1, 12, 36]) {
    const [own, expected] = [await total(months), cents(first, months)];
    if (own !== expected) wrong.push(`${what}: ${own} cents in ${months} months, an estimate says ${expected}`);
    compared += 1;
  }
  // The text that may be copied is the same once more.
  const copied = estimated(await page.locator("#what-if-scenario").inputValue());
  if (cents(copied, 1) !== cents(first, 1)) wrong.push(`${what}: the scenario to copy costs ${copied}, not ${first}`);
};
for (const position of POSITIONS) {
  const percents = Object.fromEntries(labels.map((name, at) => [name, position[at]]));
  for (const [at, name] of labels.entries()) {
    const field = page.locator(`#lever-${at}-percent`);
    await field.fill(String(percents[name]));
    await field.press("Tab");
    const slider = await page.locator(`#lever-${at}`).inputValue();
    if (Math.abs(Number(slider) - percents[name]) > 2.5) wrong.push(`${name}: the slider stands at ${slider}, not ${percents[name]}`);
  }
  await compare(percents, position.join(" "));
}
const said = await page.locator(".what-if-said").textContent();
if (!said.includes("$")) wrong.push(`nothing is said: ${said}`);
await page.locator("#what-if-reset").click();
const all = Object.fromEntries(labels.map((name) => [name, 100]));
await compare(all, "reset");
// With the keyboard alone: to the end, to the beginning, and five percent up.
for (const [keys, percent] of [[["End"], 300], [["Home"], 0], [["Home", "ArrowRight", "ArrowRight"], 10]]) {
  await page.locator("#lever-0").focus();
  for (const key of keys) await page.keyboard.press(key);
  if ((await page.locator("#lever-0-percent").inputValue()) !== String(percent)) wrong.push(`${keys.join(" ")} is not ${percent}%`);
  await compare({ ...all, [labels[0]]: percent }, keys.join(" "));
}
// What is no whole percentage is cut to one, and nothing at all is 0.
await page.locator("#lever-0-percent").fill("");
await compare({ ...all, [labels[0]]: 0 }, "an empty field");
await page.emulateMedia({ media: "print" });
if (await page.locator("#what-if-tool").isVisible()) wrong.push("the sliders are printed");
await browser.close();
wrong.forEach((own) => console.error(own));
console.log(`what if: ${compared} totals compared with estimates, ${wrong.length} problems`);
process.exit(wrong.length > 0 || compared === 0 ? 1 : 0);
