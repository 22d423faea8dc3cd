// The browser that the tests drive: the installed chromium, never a download.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../e2e/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });

const AXE = await readFile(require.resolve("axe-core"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong on the page, one line a finding. */
export async function axe(page) {
  await page.evaluate(AXE);
  // Colours are read when what moves has arrived.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
  const { violations } = await page.evaluate((values) => axe.run({ runOnly: values }), RULES);
  // The rule knows a skip link only where it is the first link of all; the banner stands before it.
  const real = (one, node) => one.id !== "region" || node.target.flat().join(" ") !== ".skip";
  return violations.flatMap((one) => one.nodes.filter((node) => real(one, node)).map((node) => `${one.id}: ${node.target.flat().join(" ")}: ${node.failureSummary}`));
}
