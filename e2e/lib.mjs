// What every story needs: a browser, screenshots, and checks that say what went wrong.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const shots = process.env.KEPT_SHOTS || join(here, "shots");

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts the installed browser. */
export function launch() {
  mkdirSync(shots, { recursive: true });
  return chromium.launch({ executablePath: process.env.KEPT_CHROMIUM || "/usr/bin/chromium", args: FLAGS });
}

let checks = 0;

/** Fails the story with a sentence. */
export function check(holds, sentence) {
  if (!holds) throw new Error(`not so: ${sentence}`);
  checks += 1;
  console.log(`ok ${checks} - ${sentence}`);
}

export function equal(seen, wanted, sentence) {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  check(a === b, a === b ? sentence : `${sentence} (seen ${a}, wanted ${b})`);
}

/** A picture of the page, for people to look at. */
export async function picture(page, name, options = {}) {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, ...options });
}

/** Accessibility faults of WCAG 2.2 AA, by axe. */
export async function accessible(page, name) {
  const { readFileSync } = await import("node:fs");
  const { createRequire } = await import("node:module");
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // The page's own policy forbids foreign scripts, so axe runs in the browser's debugger context.
  await page.evaluate(source);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  const faults = found.violations.map((it) => `${it.id}: ${it.nodes.map((n) => n.target).join(" | ")}`);
  equal(faults, [], `${name} has no accessibility fault`);
}

/** Every request of a context that goes to another host than the ones named. */
export function strangers(context, origins) {
  const seen = [];
  context.on("request", (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !origins.some((it) => url.startsWith(it))) seen.push(url);
  });
  return seen;
}

/** A call of an application to the interface. */
export async function call(base, key, method, path, body, headers = {}) {
  const answer = await fetch(base + path, {
    method,
    headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  let json;
  try { json = JSON.parse(text); } catch { json = undefined; }
  return { status: answer.status, json, text };
}

/** Fails where a page of 360 pixels' width would have to be moved sideways. */
export async function fits(page, name) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 760 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 360, `${name} fits 360 pixels (it takes ${wide})`);
  await page.setViewportSize(before);
}

/** Goes with the tab key to what is called so, sees that the focus shows, and presses Enter. */
export async function byKeyboard(page, name) {
  for (let tries = 0; tries < 80; tries += 1) {
    await page.keyboard.press("Tab");
    const at = page.locator(":focus");
    if ((await at.count()) && (await at.innerText()).trim() === name) {
      const ring = await at.evaluate((it) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
      });
      check(ring, `by keyboard one comes to “${name}”, and sees it`);
      return page.keyboard.press("Enter");
    }
  }
  throw new Error(`no way by keyboard to “${name}”`);
}

/** The newest mail to an address that has something, read where the demonstration shows its mail. */
export async function mailed(browser, base, [to, pattern]) {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    for (let tries = 0; tries < 100; tries += 1) {
      await page.goto(`${base}/mail?language=en`);
      for (const text of await page.locator(".mail", { hasText: to }).allInnerTexts()) {
        const found = text.match(pattern);
        if (found) return found;
      }
    }
  } finally {
    await context.close();
  }
  throw new Error(`no mail to ${to} with ${pattern}`);
}

/** Registers somebody by the interface; the session goes into the cookies of the context. */
export async function joins(browser, base, [context, form]) {
  const registered = await context.request.post(`${base}/v1/people`, { data: {
    birth_date: "1990-05-17", region: "cn", language: "en", accept: { version: 1 }, data: {}, ...form,
  } });
  equal(registered.status(), 201, `${form.email} registers`);
  const { id } = await registered.json();
  const [, code] = await mailed(browser, base, [form.email, /Your code is (\d{6})/]);
  const proved = await context.request.post(`${base}/v1/people/${id}/verify`, { data: { channel: "email", code } });
  equal(proved.status(), 200, "proves the address, and is signed in");
  return id;
}
