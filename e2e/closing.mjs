// Closing the account and changing one's mind, in a real browser against a running demonstration:
// twice taken back, by the page and by the link in the mail, and then for good, with a certificate that
// is read, printed, saved and checked by the program.
//
// KEPT_BASE     the server                    KEPT_APP  a key of the application, bound to service
// KEPT_PROGRAM  the program that checks a certificate
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, shots, check, equal, picture, accessible, strangers, call, fits, byKeyboard, mailed, joins } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const app = process.env.KEPT_APP;
const program = process.env.KEPT_PROGRAM;
const EMAIL = "ira.closes@example.org";
const PASSWORD = "correct horse battery";

const browser = await launch();
try {
  // Her browser runs no scripts: nothing of this may need one.
  const ira = await visitor({ javaScriptEnabled: false });
  const person = await joins(browser, base, [ira.context, { email: EMAIL, data: { name: "Ira", password: PASSWORD } }]);
  const telephone = await visitor();
  const signed = await telephone.context.request.post(`${base}/v1/session`, { data: { email: EMAIL, region: "cn", password: PASSWORD } });
  equal(signed.status(), 200, "a second browser is signed in");
  await closes(ira, telephone, person);
  await isStopped(ira, person);
  await comesBack(ira, person);
  await comesBackByMail(ira, person);
  await goesForGood(ira, person);
  equal([...ira.foreign, ...telephone.foreign], [], "no request goes to a third party");
} finally {
  await browser.close();
}

async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-GB", ...options });
  return { context, page: await context.newPage(), foreign: strangers(context, [base]) };
}

/** The same page in a browser with scripts, for axe; `cookies` of the one that was looked at. */
async function looked(context, url, name) {
  const other = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-GB" });
  await other.addCookies(await context.cookies());
  const page = await other.newPage();
  await page.goto(url);
  await accessible(page, name);
  await fits(page, name);
  await other.close();
}

function use(person) {
  return call(base, app, "POST", "/v1/use", { person, purpose: "service", categories: ["email"] });
}

async function pass(advance) {
  equal((await call(base, null, "POST", "/v1/test/clock", { advance })).status, 200, `${advance} go by`);
}

/** What an account is closed with is read first, and reached by keyboard alone. */
async function closes({ context, page }, telephone, person) {
  equal((await use(person)).status, 200, "before, the application is served");
  await page.goto(`${base}/me?language=en`);
  await byKeyboard(page, "Close the account");
  await page.locator("#close a.danger").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/me\/close/);
  check((await page.locator("main").innerText()).includes("7 days"), "it says how long one can change one's mind");
  await picture(page, "closing-01-asks");
  await looked(context, page.url(), "the question before closing");
  await byKeyboard(page, "Yes, close it");
  await page.waitForURL(/\/me\?/);
  await picture(page, "closing-02-closing");
  await looked(context, page.url(), "the privacy centre while the account is being closed");
  equal((await telephone.context.request.get(`${base}/v1/me`)).status(), 401, "the session of the other browser is dead");
}

/** Until then nothing is used, and each page says so. */
async function isStopped({ context, page }, person) {
  const refused = await use(person);
  equal([refused.status, refused.json.reason], [403, "closing"], "nothing is used any more");
  const me = await (await context.request.get(`${base}/v1/me`)).json();
  equal(me.state, "closing", "the account is being closed");
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "Asia/Shanghai" }).format(new Date(me.closing.effective_at));
  const said = await page.locator(".notice.warn").innerText();
  check(said.includes("Nothing of yours is used any more") && said.includes(day), `the page says until when (${day})`);
  equal(await page.locator("#close a.danger").count(), 0, "what is being closed is not offered to be closed once more");
  await page.goto(`${base}/me?language=zh`);
  await picture(page, "closing-03-closing-zh");
  check((await page.locator(".notice.warn").innerText()).includes("账户正在注销"), "in Chinese as well");
  await page.goto(`${base}/me/requests?language=en`);
  await page.locator(".card-title a").first().click();
  await page.waitForURL(/\/me\/requests\/req_/);
  await picture(page, "closing-04-request");
  await looked(context, page.url(), "the request to close");
  check(await page.getByRole("button", { name: "I changed my mind: keep it" }).isVisible(), "the request can be taken back where one reads it");
  await page.goto(`${base}/choices?language=en`);
  await picture(page, "closing-05-choices");
  await page.check('input[name="improve"][value="given"]');
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").first().waitFor();
  equal((await use(person)).status, 403, "one may still choose, and nothing is used for all that");
  await picture(page, "closing-06-chosen");
}

/** The button on the page brings everything back. */
async function comesBack({ context, page }, person) {
  await pass("96h");
  await page.goto(`${base}/me?language=en`);
  await page.getByRole("button", { name: "I changed my mind: keep it" }).click();
  await page.waitForURL(/done=kept/);
  await page.getByText("Your account stays as it was.").waitFor();
  await picture(page, "closing-07-kept");
  equal((await (await context.request.get(`${base}/v1/me`)).json()).state, "active", "the account is as it was");
  equal((await use(person)).status, 200, "and the application is served again");
}

/** So does the link in the mail, in any browser, but not by being opened alone. */
async function comesBackByMail({ page }, person) {
  await page.goto(`${base}/me/close?language=en`);
  await page.getByRole("button", { name: "Yes, close it" }).click();
  await page.waitForURL(/\/me\?/);
  const [, link] = await mailed(browser, base, [EMAIL, /(\/privacy\/cancel\?\S+)/]);
  const other = await visitor({ javaScriptEnabled: false, viewport: { width: 360, height: 760 } });
  await other.page.goto(`${base}${link}&language=en`);
  await picture(other.page, "closing-08-mail-360");
  await looked(other.context, `${base}${link}&language=en`, "the page behind the link in the mail");
  equal((await use(person)).status, 403, "opening the link changes nothing");
  await other.page.getByRole("link", { name: "中文" }).click();
  await picture(other.page, "closing-09-mail-zh-360");
  await other.page.getByRole("button", { name: "我改变主意了，保留账户" }).click();
  await other.page.getByText("您的账户保持不变").waitFor();
  await picture(other.page, "closing-10-kept-zh-360");
  equal((await use(person)).status, 200, "the button brings the account back");
  await other.page.goto(`${base}${link}&language=en`);
  await other.page.getByRole("button", { name: "I changed my mind: keep it" }).click();
  await picture(other.page, "closing-11-link-used");
  check((await use(person)).status === 200, "used twice it does no harm");
  await page.goto(`${base}/me?language=en`);
  equal(await page.locator(".notice.warn").count(), 0, "the privacy centre says nothing of a closing");
  await other.context.close();
}

/** The third time nobody changes their mind. */
async function goesForGood({ context, page }, person) {
  await page.goto(`${base}/me/close?language=en`);
  await page.getByRole("button", { name: "Yes, close it" }).click();
  await page.waitForURL(/\/me\?/);
  const [, late] = await mailed(browser, base, [EMAIL, /(\/privacy\/cancel\?\S+)/]);
  for (const advance of ["169h", "1m", "1m"]) await pass(advance);
  equal((await use(person)).status, 410, "after the time the person is gone");
  await page.goto(`${base}/me?language=en`);
  check((await page.locator("h1").innerText()).includes("sign in"), "nobody is signed in");
  await page.goto(`${base}${late}&language=en`);
  await page.getByRole("button", { name: "I changed my mind: keep it" }).click();
  await picture(page, "closing-12-too-late");
  const [, follow] = await mailed(browser, base, [EMAIL, /(\/privacy\/request\?\S+)/]);
  await page.goto(`${base}${follow}&language=en`);
  await picture(page, "closing-13-erased");
  await looked(context, page.url(), "the request of somebody who was erased");
  await page.getByRole("link", { name: "The certificate of erasure" }).click();
  await page.waitForURL(/\/privacy\/certificate/);
  await picture(page, "closing-14-certificate");
  await looked(context, page.url(), "the certificate");
  check((await page.locator("dl").innerText()).includes(person), "the certificate names who was erased by number");
  await prints(page);
  await proves(page);
}

/** On paper there is the certificate and nothing to press. */
async function prints(page) {
  await page.emulateMedia({ media: "print" });
  check(!(await page.getByRole("navigation").first().isVisible()), "on paper there is no menu");
  check(!(await page.getByRole("link", { name: "Save the certificate" }).isVisible()), "nor anything to press");
  await page.setViewportSize({ width: 794, height: 1123 });
  await picture(page, "closing-15-printed");
  await page.pdf({ path: join(shots, "closing-certificate.pdf"), format: "A4" });
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1100, height: 900 });
  await page.goto(page.url().replace("language=en", "language=zh"));
  await picture(page, "closing-16-certificate-zh");
  await page.goto(page.url().replace("language=zh", "language=en"));
}

/** The program says yes to what was saved, without the server, and no to what was changed. */
async function proves(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save the certificate" }).click()]);
  equal(download.suggestedFilename(), "certificate-of-erasure.json", "the file has a name");
  const file = await download.path();
  const key = await page.locator("dd.hash").last().innerText();
  const verify = (path) => spawnSync(program, ["journal", "verify", "--certificate", path, "--vkey", key.trim()], { encoding: "utf8" });
  const found = verify(file);
  equal([found.status, found.stdout.startsWith("verified:")], [0, true], `the program says yes (${found.stderr.trim()})`);
  const forged = join(shots, "closing-forged.json");
  writeFileSync(forged, readFileSync(file, "utf8").replace(/(erased\\":\\"20)\d\d/, "$199"));
  equal(verify(forged).status, 1, "and no to a certificate that was changed");
}
