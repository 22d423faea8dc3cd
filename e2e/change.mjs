// A policy change that asks again, in a real browser against a running demonstration: two officers
// publish, the site and every page announce it, one person answers before the day and another does not.
//
// KEPT_BASE    the server       KEPT_SITE  the sample site
// KEPT_AUTHENTICATOR  the page that shows the codes of the demo's staff
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, check, equal, picture, accessible, strangers, call } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const site = process.env.KEPT_SITE;
const authenticator = process.env.KEPT_AUTHENTICATOR;
const policy = join(dirname(fileURLToPath(import.meta.url)), "../policy");

const browser = await launch();
try {
  const ada = await registers("ada.changing@example.org", true);
  const bob = await registers("bob.silent@example.org", true);
  await publishes();
  await isAnnounced();
  await answers(ada);
  await call(base, null, "POST", "/v1/test/clock", { advance: "41d" });
  await isAskedAgain(bob);
} finally {
  await browser.close();
}

/** A person with an account who agreed to advertising. */
async function registers(email, agrees) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${base}/privacy?language=en`);
  // Beside the page, with its cookies: the page's own policy keeps scripts from calling out.
  const send = async (method, path, data) => (await context.request.fetch(base + path, { method, data })).json();
  const form = { email, birth_date: "1990-05-17", phone: "+86 138 0013 8000", region: "cn", language: "en", accept: { version: 1 }, data: { password: "correct horse battery" } };
  const { id } = await send("POST", "/v1/people", form);
  await call(base, null, "POST", "/v1/test/clock", { advance: "1s" });
  await page.goto(`${base}/mail?language=en`);
  const code = (await page.locator("main").innerText()).match(/Your code is (\d{6})/)[1];
  await send("POST", `/v1/people/${id}/verify`, { channel: "email", code });
  if (agrees) {
    const shown = await send("GET", "/v1/consent?language=en");
    await send("PUT", "/v1/consent", { choices: { advertise: "given" }, text_hash: shown.text_hash, language: "en" });
  }
  return { context, page, email };
}

/** The starter policy as version 2: advertising may use phone numbers. */
function draft() {
  const files = {};
  for (const folder of ["", "holidays/"]) {
    for (const name of readdirSync(join(policy, folder))) {
      if (/\.(md|toml)$/.test(name)) files[folder + name] = readFileSync(join(policy, folder + name), "utf8");
    }
  }
  files["policy.md"] = files["policy.md"]
    .replace("version    = 1", "version    = 2")
    .replace('uses    = ["email", "interests"', 'uses    = ["email", "phone", "interests"')
    .replace("Write to {{ contact.email }}", "Do write to {{ contact.email }}");
  const effective = new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10);
  return { files, effective };
}

async function officer(name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(authenticator);
  const [id, password, code] = await page.locator("tr", { hasText: name }).locator("code").allTextContents();
  const send = async (path, data) => {
    const answer = await context.request.post(base + path, { data });
    return { status: answer.status(), json: await answer.json() };
  };
  const signed = await send("/v1/staff/session", { id, password, code });
  equal(signed.status, 200, `${name} signs in`);
  return send;
}

async function publishes() {
  const [olive, otto] = [await officer("Olive"), await officer("Otto")];
  const handed = await olive("/v1/policy/versions", draft());
  equal(handed.status, 202, "a version that widens something waits for a second officer");
  const read = { draft_hash: handed.json.draft_hash };
  const own = await olive("/v1/policy/versions/2/approve", read);
  check(own.status >= 400, "the one who handed it in cannot agree to it");
  equal((await otto("/v1/policy/versions/2/approve", read)).status, 200, "another one can");
  await call(base, null, "POST", "/v1/test/clock", { advance: "1s" });
}

async function isAnnounced() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  const foreign = strangers(context, [base, site]);
  const page = await context.newPage();
  await page.goto(`${base}/privacy?language=en`);
  check((await page.locator("aside.notice").innerText()).includes("Our privacy policy changes on"), "the policy's page announces it");
  await picture(page, "change-01-announced", { fullPage: false });
  await accessible(page, "the policy with an announcement");
  await page.goto(`${base}/privacy/changes/2?language=en`);
  check((await page.locator("main").innerText()).includes("“More relevant advertising” may also use: phone number."), "it says what changes in plain words");
  await picture(page, "change-02-what-changes");
  await accessible(page, "what changes");
  await page.goto(`${base}/privacy/versions/2?language=en`);
  check(await page.locator("ins", { hasText: "Do" }).first().isVisible(), "each changed word is marked");
  await page.goto(`${base}/privacy/changes/2?language=zh`);
  await picture(page, "change-03-what-changes-zh");
  await accessible(page, "what changes, in Chinese");
  equal(foreign, [], "no request goes to a third party");
  await context.close();
}

/** Who answers before the day is asked no more. */
async function answers({ page }) {
  await page.goto(`${base}/me?language=en`);
  check((await page.locator("#change").innerText()).includes("We need your agreement anew"), "the privacy centre asks");
  await picture(page, "change-04-centre");
  await accessible(page, "the privacy centre with a change");
  await page.locator("#change a").click();
  await picture(page, "change-05-question");
  await accessible(page, "the question");
  check(!(await page.locator("input[type=radio]:checked").count()), "nothing is chosen beforehand");
  await page.getByLabel("Yes, I agree").check();
  await page.getByRole("button", { name: "Save my answer" }).click();
  await page.waitForURL(/done=saved/);
  check((await page.locator("main").innerText()).includes("You have answered"), "the answer is kept");
  await picture(page, "change-06-answered");
  await page.goto(`${base}/me/accepted?language=en`);
  await picture(page, "change-07-accepted");
  await accessible(page, "what was agreed to");
}

/** Who did not is asked by the banner, and the old rules stay. */
async function isAskedAgain({ page, email }) {
  await page.goto(`${base}/sign-in?language=en`);
  await page.fill("#email", email);
  await page.fill("#password", "correct horse battery");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/me/);
  check((await page.locator("#change").innerText()).includes("the old rules stay for you"), "silence keeps the old rules");
  await picture(page, "change-08-kept");
  await page.goto(site, { waitUntil: "networkidle" });
  const banner = page.locator("kept-banner");
  await banner.getByRole("button", { name: "Refuse all" }).waitFor();
  await picture(page, "change-09-banner", { fullPage: false });
  await accessible(page, "the banner that asks again");
  await banner.getByRole("button", { name: "Accept all" }).click();
  await page.waitForLoadState("networkidle");
  await page.goto(`${base}/privacy/changes/2?language=en`);
  check(!(await page.locator("input[type=radio]").count()), "after an answer nothing is asked any more");
}
