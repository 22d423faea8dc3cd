// The whole story of one person, in a real browser against a running demonstration.
//
// KEPT_BASE    the server       KEPT_SITE  the sample site
// KEPT_APP     a key of the application, bound to service and advertise
// It prints `person ID` when the person is registered, and leaves when the person is erased.
import { launch, check, equal, picture, accessible, strangers, call } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const site = process.env.KEPT_SITE;
const app = process.env.KEPT_APP;
const EMAIL = process.env.KEPT_EMAIL || "ada.planted@example.org";
const PHONE = "+8613800138000";
const NAME = "Ada Plantedname";
const RIGHT_NAME = "Ada Correctedname";

const browser = await launch();
try {
  await visits();
  const { context, page, person } = await registers();
  await isServed(context, page, person);
  await looks(context, page);
  await leaves(context, page, person);
} finally {
  await browser.close();
}

/** Refuses, comes back, changes one's mind. */
async function visits() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  const foreign = strangers(context, [base, site]);
  const page = await context.newPage();
  const sent = [];
  page.on("request", (it) => it.url().includes("/v1/events") && sent.push(it.url()));
  await page.goto(site, { waitUntil: "networkidle" });
  const banner = page.locator("kept-banner");
  await banner.getByRole("button", { name: "Refuse all" }).waitFor();
  await picture(page, "01-banner", { fullPage: false });
  await accessible(page, "the banner");
  equal(await context.cookies(), [], "before an answer there is no cookie");
  const [accept, refuse] = await Promise.all(["Accept all", "Refuse all"].map((name) =>
    banner.getByRole("button", { name }).evaluate((it) => {
      const style = getComputedStyle(it);
      const box = it.getBoundingClientRect();
      return [Math.round(box.width), Math.round(box.height), style.backgroundColor, style.fontWeight, style.fontSize];
    })));
  equal(refuse, accept, "refuse is as prominent as accept");
  await banner.getByRole("button", { name: "Refuse all" }).click();
  await page.waitForLoadState("networkidle");
  await page.reload({ waitUntil: "networkidle" });
  equal((await context.cookies()).map((it) => [it.name, it.value]), [["kept", "refused"]],
    "a refusal leaves the constant cookie and nothing else");
  check(!(await banner.getByRole("button", { name: "Refuse all" }).isVisible().catch(() => false)),
    "the refusal survives the reload");
  equal(sent, [], "no event is sent after a refusal");
  const posted = await page.evaluate(async (to) => (await fetch(to + "/v1/events", {
    method: "POST", credentials: "include", headers: { "content-type": "application/json" },
    body: JSON.stringify([{ type: "page-view", at: new Date().toISOString(), path: "/" }]),
  })).json(), base);
  equal(posted.accepted, 0, "an event sent all the same is not kept");
  check(posted.refused[0].clauses.length > 0, "and the refusal cites a clause");

  await page.locator("[data-kept-open]").first().click();
  await banner.getByRole("button", { name: "Accept all" }).click();
  let accepted = 0;
  await context.route("**/v1/events*", async (route) => {
    const answer = await route.fetch();
    const body = await answer.text();
    if (route.request().method() === "POST") accepted += JSON.parse(body).accepted;
    await route.fulfill({ response: answer, body });
  });
  await page.reload({ waitUntil: "networkidle" });
  const arrived = page.waitForResponse((it) => it.url().includes("/v1/events") && it.request().method() === "POST");
  await page.goto(site + "/shop.html");
  await page.locator("[data-kept-click]").first().click();
  await arrived;
  check(accepted > 0, "after a yes events are kept");
  check((await context.cookies()).some((it) => it.name === "kept_browser" && it.httpOnly), "the browser's cookie is HttpOnly");
  equal(foreign, [], "no request goes to a third party");
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await context.close();
}

/** Age first, then what the policy declares, then the code from the mail. */
async function registers() {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${base}/privacy?language=en`);
  await picture(page, "02-policy");
  await accessible(page, "the policy");
  await page.goto(`${base}/privacy?language=zh`);
  await picture(page, "03-policy-zh");
  await page.goto(`${base}/register?language=en`);
  await picture(page, "04-register-age");
  await accessible(page, "the question for the age");
  await page.fill("#birth_date", "1990-05-17");
  await page.selectOption("#region", "cn");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.fill("#email", EMAIL);
  await page.fill("#password", "correct horse battery");
  await page.fill("#phone", PHONE);
  await page.fill("#name", NAME);
  await page.check("#accept");
  await picture(page, "05-register-details");
  await accessible(page, "the registration");
  await page.getByRole("button", { name: "Register" }).click();
  await page.locator("#code").waitFor();
  const code = await codeOf(context, EMAIL);
  await page.fill("#code", code);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL(/\/me/);
  const me = await (await context.request.get(`${base}/v1/me`)).json();
  equal(me.state, "active", "the code makes the account active");
  console.log(`person ${me.id}`);
  await picture(page, "06-centre");
  await accessible(page, "the privacy centre");
  return { context, page, person: me.id };
}

/** The newest code that was mailed to an address, read where the demonstration shows its mail. */
async function codeOf(context, to) {
  for (let tries = 0; tries < 100; tries += 1) {
    const mails = await context.newPage();
    await mails.goto(`${base}/mail?language=en`);
    if (tries === 0) await picture(mails, "07-mail");
    const code = await mails.locator(".mail", { hasText: to }).first().locator(".code").textContent().catch(() => null);
    await mails.close();
    if (code) return code.trim();
  }
  throw new Error("no mail with a code arrived");
}

/** The application asks; the person decides. */
async function isServed(context, page, person) {
  const use = (purpose) => call(base, app, "POST", "/v1/use", { person, purpose, categories: ["email"] });
  const service = await use("service");
  equal([service.status, service.json.values.email], [200, EMAIL], "the application is given the email for service");
  const refused = await use("advertise");
  equal([refused.status, refused.json.clauses.includes("use-advertise")], [403, true], "and not for advertise, by clause");
  check(refused.json.remedy.length > 0 && refused.json.type.endsWith("/refused"), "the refusal says what to do");
  check(!refused.text.includes(EMAIL), "a refusal holds no value");
  await choose(page, "given");
  equal((await use("advertise")).status, 200, "after the person's yes the same call is answered");
  await picture(page, "08-choices");
  await accessible(page, "the choices");
  await choose(page, "refused");
  equal((await use("advertise")).status, 403, "after the withdrawal it is refused at once");
}

async function choose(page, answer) {
  await page.goto(`${base}/choices?language=en`);
  await page.check(`input[name="advertise"][value="${answer}"]`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForLoadState("networkidle");
}

/** Sees each use with its clause, corrects, exports. */
async function looks(context, page) {
  await page.goto(`${base}/me/uses?language=en`);
  const uses = await page.locator(".timeline").innerText();
  check(uses.includes("use-service") && uses.includes("use-advertise"), "each use stands there with its clause");
  await picture(page, "09-uses");
  await accessible(page, "the list of uses");
  await page.goto(`${base}/me/data/name?language=en`);
  await page.fill("#value", RIGHT_NAME);
  await picture(page, "10-correct");
  await page.locator("form.form .button.primary").click();
  await page.waitForURL(/\/me(\?|$|#)/);
  check((await page.locator("#name").innerText()).includes(RIGHT_NAME), "the correction is shown");
  await page.setViewportSize({ width: 360, height: 760 });
  await picture(page, "11-centre-360");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 360, `the privacy centre fits 360 pixels (it takes ${wide})`);
  await page.setViewportSize({ width: 1100, height: 900 });
  const taken = await (await context.request.get(`${base}/v1/me/export?format=json`)).json();
  const text = JSON.stringify(taken);
  check([EMAIL, PHONE, RIGHT_NAME].every((it) => text.includes(it)), "the export holds every value");
  check(!text.includes(NAME), "and not the one that was corrected");
  await page.goto(`${base}/me/export?language=en`);
  await picture(page, "12-export");
}

/** Closes; refused at once; gone after the window; the session is dead. */
async function leaves(context, page, person) {
  await page.goto(`${base}/me/close?language=en`);
  await picture(page, "13-close");
  await page.locator("form.form .button.danger").click();
  await page.waitForLoadState("networkidle");
  await picture(page, "14-closing");
  const use = () => call(base, app, "POST", "/v1/use", { person, purpose: "service", categories: ["email"] });
  equal((await use()).status, 403, "from the moment of closing every use is refused");
  const advanced = await call(base, null, "POST", "/v1/test/clock", { advance: "800h" });
  check(advanced.status < 300, "the clock is moved past the window");
  equal((await use()).status, 410, "after the window the person is gone");
  equal((await context.request.get(`${base}/v1/me`)).status(), 401, "the session is dead");
}
