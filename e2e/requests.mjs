// Requests for one's rights in a real browser against a running demonstration: from the privacy centre
// without a script, from somebody without an account who wrote in, and staff at the console: who asks is
// found out by a code, one takes longer, one is refused, one is answered, and the person reads it.
//
// KEPT_BASE  the server   KEPT_APP  a key of the application, bound to service
// KEPT_AUTHENTICATOR  the page that shows the codes of the demo's staff
import { launch, check, equal, picture, accessible, strangers, call, fits, byKeyboard, mailed, joins } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const app = process.env.KEPT_APP;
const authenticator = process.env.KEPT_AUTHENTICATOR;
const EMAIL = "rui.asks@example.org";
const STRANGER = "sol.strange@example.org";

const browser = await launch();
try {
  const rui = await visitor({ javaScriptEnabled: false });
  const person = await joins(browser, base, [rui.context, { email: EMAIL, data: { name: "Rui" } }]);
  const correction = await asks(rui, person);
  const officer = await signsIn("Olive");
  await works(officer, correction);
  await reads(rui, correction);
  await isAskedByStranger(officer);
  await isAskedByNobody();
  equal([...rui.foreign, ...officer.foreign], [], "no request goes to a third party");
} finally {
  await browser.close();
}

async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-GB", ...options });
  return { context, page: await context.newPage(), foreign: strangers(context, [base, new URL(authenticator).origin]) };
}

/** The same page in a browser with scripts, for axe. */
async function looked(context, url, name) {
  const other = await visitor();
  await other.context.addCookies(await context.cookies());
  await other.page.goto(url);
  await accessible(other.page, name);
  await fits(other.page, name);
  await other.context.close();
}

async function signsIn(name) {
  const staff = await visitor({ viewport: { width: 1280, height: 900 } });
  await staff.page.goto(authenticator);
  const [id, password, code] = await staff.page.locator("tr", { hasText: name }).locator("code").allTextContents();
  await staff.page.goto(`${base}/console?language=en`);
  for (const [field, value] of [["#id", id], ["#password", password], ["#code", code]]) await staff.page.fill(field, value);
  await staff.page.getByRole("button", { name: "Sign in" }).click();
  await staff.page.waitForURL(/\/console(\?|$)/);
  return staff;
}

/** What can be done at once is done at once; for the rest there is a number and a day. */
async function asks({ context, page }, person) {
  const use = () => call(base, app, "POST", "/v1/use", { person, purpose: "service", categories: ["email"] });
  await page.goto(`${base}/me/requests?language=en`);
  await picture(page, "requests-01-none");
  await looked(context, page.url(), "one's requests");
  await page.goto(`${base}/me/requests?language=zh`);
  await picture(page, "requests-02-none-zh");
  await page.goto(`${base}/me/requests?language=en`);
  const form = page.locator("#new form");
  await form.locator('input[value="object"]').check();
  await form.getByRole("button", { name: "Send" }).click();
  check(await page.getByRole("alert").isVisible(), "an objection has to say to what");
  check(await form.locator('input[value="object"]').isChecked(), "and what was chosen stays chosen");
  await picture(page, "requests-03-object-to-what");
  check((await page.getByRole("alert").innerText()).includes("Choose what you object to"), "in words of the page");
  await form.locator("select").selectOption({ label: "Improve our services" });
  await form.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/me\/requests\/req_/);
  check((await page.locator("main").innerText()).includes("It is done"), "an objection counts at once");
  await picture(page, "requests-04-objected");

  await chooses(page, "restrict");
  await picture(page, "requests-05-restricted");
  equal([(await use()).status, (await use()).json.reason], [403, "restricted"], "nothing is used while use is restricted");
  await chooses(page, "lift");
  equal((await use()).status, 200, "until the person says so");

  await chooses(page, "access");
  await picture(page, "requests-06-access");
  await looked(context, page.url(), "a request to see one's data");
  await page.goto(`${base}/me/requests?language=en`);
  await form.locator('input[value="correct"]').check();
  await form.locator("textarea").fill("I am married, and my name is another now: Rui Ming.");
  await byKeyboard(page, "Send");
  await page.waitForURL(/\/me\/requests\/req_/);
  const said = await page.locator("main").innerText();
  check(said.includes("Answer by") && said.includes("Rui Ming"), "a correction waits for somebody, until a day that stands there");
  await picture(page, "requests-07-correct");
  return new URL(page.url()).pathname.split("/").pop();
}

async function chooses(page, right) {
  await page.goto(`${base}/me/requests?language=en`);
  await page.locator(`#new input[value="${right}"]`).check();
  await page.locator("#new").getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/me\/requests\/req_/);
}

/** The desk sees it with its clock, takes it up, takes longer, and answers. */
async function works({ context, page }, id) {
  await page.goto(`${base}/console/requests?language=en`);
  const row = page.locator("tr", { hasText: id });
  check(/days left/.test(await row.innerText()), "the queue shows the time that is left");
  await picture(page, "requests-08-queue");
  await accessible(page, "the queue of requests");
  await fits(page, "the queue of requests");
  await row.getByRole("link").first().click();
  await page.waitForURL(new RegExp(id));
  check((await page.locator("main").innerText()).includes("Rui Ming"), "what the person wrote stands there");
  await picture(page, "requests-09-desk");
  await accessible(page, "a request at the desk");
  await page.locator("#answer textarea[name=text]").fill("Our best wishes. We put it right.");
  await page.locator("#answer textarea[name=which]").fill("name = Rui Ming");
  await page.locator("#answer .button").click();
  await page.waitForURL(/done=1/);
  equal(await page.locator("#answer").count(), 0, "what is answered is not answered twice");
  await picture(page, "requests-10-answered");
}

/** The answer is there to read, by mail and on the page. */
async function reads({ context, page }, id) {
  await page.goto(`${base}/me/requests/${id}?language=en`);
  const said = await page.locator("main").innerText();
  check(said.includes("put it right"), "the person reads the answer where they asked");
  check(!said.includes("Answer by"), "and no clock runs any more");
  await picture(page, "requests-11-read");
  await looked(context, page.url(), "an answered request");
  await page.goto(`${base}/me/requests/${id}?language=zh`);
  await picture(page, "requests-12-read-zh");
  await mailed(browser, base, [EMAIL, /put it right/]);
  await page.goto(`${base}/me?language=en`);
  check((await page.locator("#name").innerText()).includes("Rui Ming"), "and the value is right");
  await page.goto(`${base}/me/requests?language=en`);
  await picture(page, "requests-13-list");
  await looked(context, page.url(), "the list of one's requests");
}

/** Somebody without an account wrote in: by the code that goes to the address it is known who asks. */
async function isAskedByStranger({ page }) {
  const first = await opens(page, "access", "What do you know of me?");
  const text = await page.locator("main").innerText();
  check(text.includes("not known yet who asks"), "nothing is done before it is known who asks");
  equal(await page.locator("#answer").count(), 0, "nor can anything be answered");
  await picture(page, "requests-14-unknown");
  await presses(page, "check");
  const [, link] = await mailed(browser, base, [STRANGER, /(\/privacy\/request\?\S+)/]);
  const [, code] = await mailed(browser, base, [STRANGER, /Your code is (\d{6})/]);
  const sol = await visitor({ javaScriptEnabled: false, viewport: { width: 360, height: 760 } });
  await sol.page.goto(`${base}${link}&language=en`);
  await picture(sol.page, "requests-15-is-it-you-360");
  await looked(sol.context, sol.page.url(), "the page that asks for the code");
  await sol.page.fill("#code", code === "000000" ? "111111" : "000000");
  await sol.page.getByRole("button", { name: "Confirm" }).click();
  check(await sol.page.getByRole("alert").isVisible(), "a wrong code says so");
  await picture(sol.page, "requests-16-wrong-360");
  await sol.page.fill("#code", code);
  await sol.page.getByRole("button", { name: "Confirm" }).click();
  await sol.page.getByText("Is it you?").waitFor({ state: "detached" });
  await picture(sol.page, "requests-17-known-360");
  await takesLonger(page, first, sol.page);
  await isAnswered(page, first, sol.page);
  await isRefused(page);
  await sol.context.close();
}

async function opens(page, right, text) {
  await page.goto(`${base}/console/requests?language=en`);
  await page.locator("#open select[name=right]").selectOption(right);
  await page.locator("#open select[name=region]").selectOption("eu");
  await page.locator("#open input[type=email]").fill(STRANGER);
  await page.locator("#open textarea").fill(text);
  await page.locator("#open .button").click();
  await page.waitForURL(/req_/);
  return new URL(page.url()).pathname.split("/").pop();
}

async function presses(page, form) {
  const sure = page.locator(`#${form} input[name=sure]`);
  if (await sure.count()) await sure.check();
  await page.locator(`#${form} .button`).click();
  await page.waitForURL(/done=1/);
}

/** Once, with a reason that the person is sent. */
async function takesLonger(page, id, theirs) {
  await page.goto(`${base}/console/requests/${id}?language=en`);
  await page.locator("#extend textarea").fill("Our archive is being moved.");
  await picture(page, "requests-18-known");
  await presses(page, "extend");
  equal(await page.locator("#extend").count(), 0, "it is extended once");
  check((await page.locator("main").innerText()).includes("Deadline before it was extended"), "the first deadline stays to be seen");
  await mailed(browser, base, [STRANGER, /Our archive is being moved/]);
  await theirs.reload();
  check((await theirs.locator("main").innerText()).includes("longer than we first said"), "the person sees it on their page");
  await picture(theirs, "requests-19-longer-360");
}

async function isAnswered(page, id, theirs) {
  await page.goto(`${base}/console/requests/${id}?language=en`);
  await page.locator("#answer textarea[name=text]").fill("We hold the address that you wrote from, and nothing else.");
  await presses(page, "answer");
  await mailed(browser, base, [STRANGER, /nothing else/]);
  await theirs.reload();
  await picture(theirs, "requests-20-answered-360");
  check((await theirs.locator("main").innerText()).includes("It is done"), "the link shows that it is done");
}

/** With a reason, and with where one can complain. */
async function isRefused(page) {
  const id = await opens(page, "delete", "Delete my order of last week.");
  await page.locator("#see input[name=seen]").check();
  await presses(page, "see");
  await page.locator("#refuse textarea").fill("The tax law has us keep invoices for ten years.");
  await picture(page, "requests-21-refuse");
  await presses(page, "refuse");
  check((await page.locator("main").innerText()).includes("refused"), "the desk sees that it was refused");
  await picture(page, "requests-22-refused");
  const [mail] = await mailed(browser, base, [STRANGER, /[\s\S]*tax law[\s\S]*/]);
  check(/authority/.test(mail) && /complain/.test(mail), "the mail says why, how to complain and which authority there is");
  const link = mail.match(/(\/privacy\/request\?\S+)/)[1];
  const sol = await visitor({ javaScriptEnabled: false });
  await sol.page.goto(`${base}${link}&language=en`);
  check((await sol.page.locator("main").innerText()).includes("It was refused"), "the link shows it");
  await picture(sol.page, "requests-23-refused");
  await sol.context.close();
  await page.goto(`${base}/console/requests?language=zh&over=1`);
  await picture(page, "requests-24-over-zh");
  await accessible(page, "requests that are over, in Chinese");
}

/** Without an account and without a script: an address, a code that goes there, and the request stands. */
async function asksByAddress({ context, page }) {
  await page.getByRole("link", { name: "Ask with your email address" }).click();
  await picture(page, "requests-28-by-address");
  await looked(context, page.url(), "asking by an address");
  await page.getByLabel("Your email address").fill("nobody@example.org");
  await page.getByLabel("Tell me what you hold about me").check();
  await call(base, null, "POST", "/v1/test/clock", { advance: "1m" });
  await page.getByRole("button", { name: "Send" }).click();
  check((await page.locator("main").innerText()).includes("Look at your mail"), "a mail is on its way, whoever asks");
  await picture(page, "requests-29-look-at-your-mail");
  const [, link] = await mailed(browser, base, ["nobody@example.org", /(\/privacy\/request\?\S+)/]);
  const [, code] = await mailed(browser, base, ["nobody@example.org", /Your code is (\d{6})/]);
  await page.goto(`${base}${link}&language=en`);
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Confirm" }).click();
  check((await page.locator("main").innerText()).includes("Somebody works on it"), "the address is proved");
  await picture(page, "requests-30-proved");
}

/** A browser without an account has rights of its own, and one that agreed to nothing is told where to go. */
async function isAskedByNobody() {
  const nobody = await visitor({ javaScriptEnabled: false });
  await nobody.page.goto(`${base}/me/requests?language=en`);
  await picture(nobody.page, "requests-25-nobody");
  check((await nobody.page.locator("main").innerText()).includes("Ask with your email address"), "who has no account is told how to ask");
  await asksByAddress(nobody);
  await nobody.page.goto(`${base}/choices?language=en`);
  await nobody.page.getByRole("button", { name: "Accept all" }).click();
  await nobody.page.goto(`${base}/me/requests?language=en`);
  check(await nobody.page.getByRole("button", { name: "Erase everything of this browser" }).isVisible(), "a browser that agreed to something can have it erased");
  await picture(nobody.page, "requests-26-browser");
  await nobody.page.getByRole("button", { name: "Erase everything of this browser" }).click();
  await nobody.page.waitForURL(/\/privacy\/request/);
  await call(base, null, "POST", "/v1/test/clock", { advance: "1m" });
  await nobody.page.reload();
  await picture(nobody.page, "requests-27-browser-erased");
  check(!(await nobody.context.cookies()).some((it) => it.name === "kept_browser"), "its cookie is gone");
  await nobody.context.close();
}
