// Tests of web/ in a real browser: `node web/test/run.mjs [part of a name]`. Prints TAP, leaves with
// 1 when a test fails. Screenshots go to the folder named by SHOTS, if any. Does not test the
// server: server.mjs stands in for it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { axe, launch } from "./browser.mjs";
import { world } from "./server.mjs";
import { versions } from "./versions.mjs";

const tests = [];
const test = (name, body, options = {}) => tests.push({ name, body, options });

const banner = (page) => page.locator("kept-banner section");
const press = (page, name) => banner(page).getByRole("button", { name, exact: true }).click();
const stored = (page) => page.evaluate(() => ({ ...localStorage, ...sessionStorage, cookie: document.cookie }));
const NOTHING = { cookie: "" };
function nothingSent({ seen, asked }) {
  assert.deepEqual(seen.events, []);
  assert.deepEqual(asked.filter((url) => url.includes("/v1/events")), []);
}

// Leaves the page, so that whatever still waits in it is sent.
async function leave({ page, site }) {
  await page.goto(`${site}/img/icon.svg`);
}

test("the minified form is the source's, and at most 5 kB of brotli", async () => {
  execFileSync("node", [fileURLToPath(new URL("../build.mjs", import.meta.url)), "--check"]);
});

test("before an answer nothing is stored, sent or started", async (t) => {
  const { page, site, seen, context } = t;
  await page.goto(`${site}/shop.html?email=a@example.com#frag`);
  await banner(page).waitFor();
  await page.locator("[data-add]").last().click();
  assert.deepEqual(await stored(page), NOTHING);
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.locator("[data-slot]").getAttribute("data-slot"), "common");
  await leave(t);
  nothingSent(t);
  assert.deepEqual(seen.puts, []);
  assert.ok(!t.asked.some((url) => url.includes("offers.js") || url.includes("/v1/events")));
  assert.ok(!t.asked.some((url) => url.startsWith(t.kept) && /example\.com|frag/.test(url)));
});

test("accept and refuse are equally prominent, choose opens switches that are all off", async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: "reduce" }); // while it slides in, two looks see two places
  await page.goto(site);
  const looks = async (name) =>
    banner(page).getByRole("button", { name, exact: true }).evaluate((one) => {
      const { color, backgroundColor, fontSize, fontWeight, borderColor } = getComputedStyle(one);
      const { width, height, top } = one.getBoundingClientRect();
      return { tag: one.localName, color, backgroundColor, fontSize, fontWeight, borderColor, width, height, top };
    });
  assert.deepEqual(await looks("Accept all"), await looks("Refuse all"));
  assert.equal(await banner(page).getByRole("switch").count(), 0);
  await press(page, "Choose");
  const switches = await banner(page).getByRole("switch").all(); assert.equal(switches.length, 3);
  for (const one of switches) assert.equal(await one.isChecked(), false);
});

test("the banner takes no focus and moves nothing", async ({ page, site }) => {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((one) => one.value))).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(site);
  await banner(page).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
  assert.deepEqual(await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shifts))))), []);
});

test("by keyboard: first in order, choose leads to the switches, escape closes", async ({ page, site, seen }) => {
  await page.goto(site);
  await banner(page).waitFor();
  const focused = () => page.evaluate(() => document.querySelector("kept-banner").shadowRoot.activeElement?.textContent || document.querySelector("kept-banner").shadowRoot.activeElement?.id);
  const order = [];
  for (let step = 0; step < 5; step += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  assert.deepEqual(order, ["×", "Read the policy", "Refuse all", "Accept all", "Choose"]);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "p-improve");
  await page.keyboard.press("Space");
  assert.equal(await banner(page).getByRole("switch").first().isChecked(), true);
  await page.keyboard.press("Escape");
  assert.equal(await banner(page).count(), 0);
  assert.deepEqual(seen.puts, []);
});

test("closing is no consent and no refusal, and the banner comes back", async (t) => {
  const { page, site, seen, context } = t;
  for (const close of [() => page.keyboard.press("Escape"), () => press(page, "Close without answering")]) {
    await page.goto(site);
    await banner(page).waitFor();
    await close();
    assert.equal(await banner(page).count(), 0);
    assert.deepEqual(await stored(page), NOTHING);
  }
  await page.reload();
  await banner(page).waitFor();
  assert.deepEqual([seen.puts, seen.events, await context.cookies()], [[], [], []]);
});

test("a refusal leaves one constant cookie and survives reload", async (t) => {
  const { page, site, seen, context } = t;
  await page.goto(site);
  await press(page, "Refuse all");
  await banner(page).getByText("Your choice is saved").waitFor();
  assert.deepEqual(seen.puts[0].choices, { improve: "refused", personalise: "refused", advertise: "refused" });
  assert.deepEqual(Object.keys(seen.puts[0]).sort(), ["choices", "language", "text_hash"]);
  await page.reload();
  await page.waitForFunction(() => window.kept?.choices.improve === "refused");
  assert.equal(await banner(page).count(), 0);
  await page.locator("[data-add]").last().click();
  await leave(t);
  assert.deepEqual((await context.cookies()).map(({ name, value }) => `${name}=${value}`), ["kept=refused"]);
  assert.deepEqual(await stored(page), NOTHING);
  nothingSent(t);
});

test("accepting starts the page's scripts and the collector, without query or fragment", async (t) => {
  const { page, site, seen } = t;
  await page.goto(`${site}/shop.html?email=a@example.com#frag`);
  await press(page, "Accept all");
  await page.locator("[data-slot=relevant]").waitFor();
  await press(page, "Close without answering");
  await page.getByRole("button", { name: /Add to basket: SM-50/ }).click();
  await leave(t);
  await t.until(() => seen.events.some((one) => one.type === "click"));
  const [view, click] = seen.events;
  assert.deepEqual({ ...view, at: "" }, { type: "page-view", at: "", path: "/shop.html", language: "en" });
  assert.deepEqual({ ...click, at: "" }, { type: "click", at: "", path: "/shop.html", target: "add-spiral" });
  assert.match(view.at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.doesNotMatch(JSON.stringify(seen.events), /example\.com|frag/);
});

test("each purpose is chosen by itself", async (t) => {
  const { page, site, seen } = t;
  await page.goto(`${site}/shop.html`);
  await press(page, "Choose");
  await banner(page).getByLabel("Respond to your needs").check();
  await press(page, "Save my choice");
  await banner(page).getByText("Your choice is saved").waitFor();
  assert.deepEqual(seen.puts[0].choices, { improve: "refused", personalise: "given", advertise: "refused" });
  assert.equal(await page.locator("[data-slot]").getAttribute("data-slot"), "common");
  await leave(t);
  nothingSent(t);
});

test("one click opens the choices again; withdrawal counts at once, also for scripts that run", async (t) => {
  const { page, site, seen } = t;
  await page.goto(`${site}/shop.html`);
  await press(page, "Accept all");
  await t.until(() => seen.events.length === 1);
  await page.getByRole("link", { name: "Privacy choices" }).click();
  assert.equal(await banner(page).getByRole("switch", { checked: true }).count(), 3);
  await page.evaluate(() => (window.before = true));
  await press(page, "Refuse all");
  await page.waitForFunction(() => !window.before && document.querySelector("kept-banner"));
  await banner(page).getByText("Your choice is saved").waitFor();
  assert.equal(await page.locator("[data-slot]").getAttribute("data-slot"), "common");
  assert.deepEqual(await stored(page), NOTHING);
  await page.locator("[data-add]").last().click();
  await leave(t);
  assert.equal(seen.events.filter((one) => one.type === "page-view").length, 1);
});

test("clicks made before a withdrawal and not yet sent are not sent", async (t) => {
  const { page, site, seen } = t;
  await page.addInitScript(() => (window.requestIdleCallback = () => 1));
  await page.goto(`${site}/product.html`);
  await press(page, "Accept all");
  await banner(page).getByText("Your choice is saved").waitFor();
  await page.getByRole("button", { name: "Whisk" }).click();
  await page.evaluate(() => window.kept.open());
  await press(page, "Refuse all");
  await t.until(() => seen.puts.length === 2);
  await leave(t);
  nothingSent(t);
});

test("a withdrawal in another tab stops this one when it is looked at again", async (t) => {
  const { page, site, seen, context } = t;
  await page.goto(`${site}/product.html`);
  await press(page, "Accept all");
  await t.until(() => seen.events.length === 1);
  const other = await context.newPage();
  await other.goto(site);
  await other.getByRole("link", { name: "Privacy choices" }).click();
  await press(other, "Refuse all");
  await t.until(() => seen.puts.length === 2);
  await other.close();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForFunction(() => window.kept.choices.improve === "refused");
  await page.getByRole("button", { name: "Whisk" }).click();
  await leave(t);
  assert.deepEqual(seen.events.filter((one) => one.target === "tool-whisk"), []);
});

test("a receipt can be kept", async ({ page, site }) => {
  await page.goto(`${site}/product.html`);
  await press(page, "Accept all");
  const [download] = await Promise.all([page.waitForEvent("download"), banner(page).getByText("Keep a copy").click()]);
  assert.equal(download.suggestedFilename(), "consent-receipt.json");
  const receipt = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(receipt.choices.improve, "given");
});

versions(test, { banner, press });

test("under Global Privacy Control the purposes it refuses stay refused", async ({ page, site, seen }) => {
  await page.goto(site);
  await press(page, "Choose");
  assert.equal(await banner(page).getByLabel("Relevant advertisements").isDisabled(), true);
  assert.equal(await banner(page).getByText("Refused by your browser’s privacy signal").count(), 1);
  await press(page, "Accept all");
  await banner(page).getByText("Your choice is saved").waitFor();
  assert.deepEqual(seen.puts[0].choices, { improve: "given", personalise: "given", advertise: "refused" });
}, { extraHTTPHeaders: { "sec-gpc": "1" } });

test("a signal that only the page can see counts too", async ({ page, site, seen }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true }));
  await page.goto(site);
  await press(page, "Accept all");
  await banner(page).getByText("Your choice is saved").waitFor();
  assert.equal(seen.puts[0].choices.advertise, "refused");
  assert.ok(seen.requests.some((one) => one.includes("gpc=1")));
});

test("where cookies are blocked a refusal is a constant on the page's own side, with a day", async ({ page, site, modes }) => {
  modes.noCookie = true;
  await page.goto(site);
  await press(page, "Refuse all");
  await banner(page).getByText("Your choice is saved").waitFor();
  const { kept, ...rest } = await stored(page);
  assert.match(kept, /^sha256:(ab){32} \d{4}-\d\d-\d\d$/);
  assert.deepEqual(rest, NOTHING);
  await Promise.all([page.waitForResponse((one) => one.url().includes("/v1/consent")), page.reload()]);
  await page.waitForFunction(() => window.kept?.choices);
  assert.equal(await banner(page).count(), 0);
});

test("where cookies are blocked a consent is not remembered and nothing is collected", async (t) => {
  const { page, site, seen, modes } = t;
  modes.noCookie = true;
  await page.goto(site);
  await press(page, "Accept all");
  await t.until(() => seen.gets === 2);
  await leave(t);
  nothingSent(t);
  await page.goto(site);
  await banner(page).waitFor();
});

test("a server that cannot be reached leaves the page as it is", async (t) => {
  const { page, site, modes } = t;
  modes.down = true;
  await Promise.all([page.waitForResponse((one) => one.url().includes("/v1/consent")), page.goto(site)]);
  assert.equal(await banner(page).count(), 0);
  await page.getByRole("link", { name: "Privacy choices" }).click();
  await page.waitForURL(/\/choices/);
  t.allow(/503|Failed to load/);
});

test("an answer that was not acknowledged is told, and is no answer", async (t) => {
  const { page, site, seen, modes } = t;
  modes.failPut = true;
  await page.goto(site);
  await press(page, "Accept all");
  await banner(page).getByRole("alert").waitFor();
  await leave(t);
  nothingSent(t);
  t.allow(/503|Failed to load/);
});

test("an event that the server refuses is not offered again", async (t) => {
  const { page, site, seen, modes } = t;
  modes.refuseEvents = true;
  // Counts the batches whose reply the page has read.
  await page.addInitScript(() => {
    const { json } = Response.prototype;
    window.answered = 0;
    Response.prototype.json = function () {
      return json.call(this).finally(() => (window.answered += this.url.includes("/v1/events") ? 1 : 0));
    };
  });
  await page.goto(`${site}/product.html`);
  await press(page, "Accept all");
  await page.waitForFunction(() => window.answered === 1);
  await page.getByRole("button", { name: "Whisk" }).click();
  await page.waitForFunction(() => window.answered === 2);
  await page.getByRole("button", { name: "Beater" }).click();
  await leave(t);
  assert.deepEqual(seen.events.map((one) => one.type), ["page-view", "click"]);
});

test("a page without a link of its own gets a button, and an element named like us harms nothing", async ({ page, site }) => {
  await page.goto(`${site}/bare.html`);
  await press(page, "Refuse all");
  await banner(page).getByText("Your choice is saved").waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Privacy choices" }).click();
  await banner(page).getByRole("switch").first().waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.querySelector("kept-banner").shadowRoot.activeElement?.textContent), "Privacy choices");
});

test("a page in Chinese gets a banner in Chinese", async ({ page, site, seen }) => {
  await page.goto(`${site}/index.zh.html`);
  await press(page, "全部拒绝");
  await banner(page).getByText("您的选择已保存").waitFor();
  assert.equal(await banner(page).getAttribute("lang"), "zh");
  assert.equal(seen.puts[0].language, "zh");
});

for (const [width, scheme, path] of [[1280, "light", "/"], [1280, "dark", "/product.html"], [360, "light", "/shop.zh.html"], [320, "dark", "/shop.html"]]) {
  test(`accessible and inside the screen at ${width} px, ${scheme}`, async ({ page, site, shot }) => {
    await page.goto(site + path);
    await banner(page).waitFor();
    assert.deepEqual(await axe(page), []);
    await shot(`banner-${width}-${scheme}`);
    await banner(page).getByRole("button", { name: /^(Choose|逐项选择)$/ }).click();
    await shot(`choose-${width}-${scheme}`);
    assert.deepEqual(await axe(page), []);
    await banner(page).getByRole("button", { name: /^(Accept all|全部同意)$/ }).click();
    await banner(page).getByText(/^(Keep a copy|保存回执)$/).waitFor();
    await shot(`receipt-${width}-${scheme}`);
    assert.deepEqual(await axe(page), []);
    const { over, left, right } = await page.evaluate(() => {
      const box = document.querySelector("kept-banner").shadowRoot.querySelector("section").getBoundingClientRect();
      return { over: document.documentElement.scrollWidth - innerWidth, left: box.left, right: innerWidth - box.right };
    });
    assert.ok(over <= 0 && left >= 0 && right >= 0, JSON.stringify({ over, left, right }));
  }, { viewport: { width, height: 700 }, colorScheme: scheme });
}

test("a page from right to left keeps the banner inside", async ({ page, site }) => {
  await page.goto(`${site}/bare.html`);
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  const box = await banner(page).boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
}, { viewport: { width: 360, height: 700 } });

test("nothing moves for who asked for less motion", async ({ page, site }) => {
  await page.goto(site);
  await press(page, "Choose");
  const moving = await page.evaluate(() => document.querySelector("kept-banner").shadowRoot.getAnimations().length);
  assert.equal(moving, 0);
}, { reducedMotion: "reduce" });

for (const [width, scheme] of [[1280, "light"], [360, "light"], [360, "dark"]]) {
  test(`the gallery of the stylesheet at ${width} px, ${scheme}`, async ({ page, site, shot }) => {
    await page.goto(`${site}/own/gallery.html`);
    await shot(`gallery-${width}-${scheme}`, true);
    assert.deepEqual(await axe(page), []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  }, { viewport: { width, height: 700 }, colorScheme: scheme });
}

async function run(browser, { name, body, options }) {
  const stage = await world();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const asked = [];
  const faults = [];
  let allowed;
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => faults.push(`page error: ${error.message}`));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  const shot = (file, fullPage) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${file}.png`, fullPage });
  try {
    await body({ ...stage, page, context, asked, shot, allow: (pattern) => (allowed = pattern) });
    // Whatever the browser complains of, a blocked style or script above all, fails the test.
    assert.deepEqual(faults.filter((one) => !allowed?.test(one)), []);
  } catch (error) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/failed-${name.replace(/\W+/g, "-")}.png` }).catch(() => {});
    return error;
  } finally {
    await context.close();
    stage.stop();
  }
}

const wanted = tests.filter(({ name }) => name.includes(process.argv[2] || ""));
const browser = await launch();
let failed = 0;
console.log(`TAP version 13\n1..${wanted.length}`);
for (const [at, one] of wanted.entries()) {
  const error = await run(browser, one);
  if (error) failed += 1;
  console.log(`${error ? "not ok" : "ok"} ${at + 1} - ${one.name}`);
  if (error) console.log(String(error.stack).replace(/^/gm, "  # "));
}
await browser.close();
console.log(`# ${wanted.length - failed} passed, ${failed} failed`);
process.exit(failed || !wanted.length ? 1 : 0);
