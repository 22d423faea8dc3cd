// A minor with a guardian, and coming of age, in a real browser against a running demonstration that
// was started with --test-clock.
//
// KEPT_BASE    the server
import { launch, check, equal, picture, accessible, strangers, call, mailed } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const KID = "kid.planted@example.org";
const MOTHER = "mother.planted@example.org";

const browser = await launch();
try {
  const kid = await registers();
  const mother = await agrees(kid);
  await acts(mother, kid);
  await comesOfAge(mother, kid);
  await isRefused();
} finally {
  await browser.close();
}

/** A browser of its own for each. */
async function visitor(locale = "en-GB") {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale });
  return { context, page: await context.newPage(), foreign: strangers(context, [base]) };
}

/** The day on which somebody is so many years old after so many days. */
function bornSoThat(years, days) {
  const day = new Date(Date.now() + days * 86_400_000);
  day.setUTCFullYear(day.getUTCFullYear() - years);
  return day.toISOString().slice(0, 10);
}

/** The age comes first; of a child nothing is asked but two addresses. */
async function registers() {
  const kid = await visitor();
  const { page } = kid;
  await page.goto(`${base}/register?language=en`);
  // Fourteen in ten days.
  await page.fill("#birth_date", bornSoThat(14, 10));
  await page.selectOption("#region", "cn");
  await page.getByRole("button", { name: "Continue" }).click();
  equal(await page.locator("form.form input:not([type=hidden])").evaluateAll((all) => all.map((it) => it.name)),
    ["email", "guardian", "accept"], "a child is asked for two addresses and nothing else");
  await page.fill("#email", KID);
  await page.fill("#guardian", MOTHER);
  await page.check("#accept");
  await picture(page, "m01-child-registers");
  await accessible(page, "the registration of a child");
  await page.getByRole("button", { name: "Register" }).click();
  await page.locator("#code").waitFor();
  await picture(page, "m02-child-waits");
  await page.fill("#code", (await mailed(browser, base, [KID, /Your code is (\d{6})/]))[1]);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL(/\/me/);
  await page.getByText("Waiting for your guardian").waitFor();
  await picture(page, "m03-child-centre");
  await accessible(page, "the privacy centre of a child who waits");
  equal((await (await kid.context.request.get(`${base}/v1/me`)).json()).state, "awaiting-guardian", "the account waits");
  await page.getByRole("link", { name: "Ask a guardian" }).click();
  await picture(page, "m04-ask-guardian");
  await accessible(page, "the page for asking a guardian");
  return kid;
}

/** The guardian opens the link, which changes nothing, proves an address, and agrees. */
async function agrees(kid) {
  const link = (await mailed(browser, base, [MOTHER, /(\/privacy\/guardian\/\S+)/]))[1];
  const mother = await visitor();
  const { page } = mother;
  await page.goto(base + link);
  await page.getByRole("heading", { name: "A child asks for your agreement" }).waitFor();
  check((await page.content()).includes("k…@example.org"), "the guardian sees who asks, without the address in full");
  await picture(page, "m05-guardian-reads");
  await accessible(page, "the page that a guardian reads");
  await page.goto(`${base}${link.split("?")[0]}?language=zh`);
  await picture(page, "m06-guardian-reads-zh");
  await page.goto(base + link);
  const me = async () => (await kid.context.request.get(`${base}/v1/me`)).json();
  equal((await me()).guardian.state, "invited", "opening the link changes nothing");
  await page.fill("#birth_date", bornSoThat(15, 0));
  await page.check("#accept");
  await page.getByRole("button", { name: "Email me a code" }).click();
  await page.locator("#wrong").waitFor();
  await picture(page, "m07-guardian-too-young");
  await page.fill("#birth_date", "1980-03-04");
  await page.check("#accept");
  await page.getByRole("button", { name: "Email me a code" }).click();
  await page.locator("#code").waitFor();
  await page.fill("#code", (await mailed(browser, base, [MOTHER, /Your code is (\d{6})/]))[1]);
  await picture(page, "m08-guardian-decides");
  await accessible(page, "the page on which a guardian decides");
  await page.getByRole("button", { name: "I agree" }).click();
  await page.waitForURL(/\/privacy\/child/);
  equal([(await me()).state, (await me()).age], ["active", "child-agreed"], "the account is open");
  check((await mother.context.cookies()).every((it) => it.httpOnly), "the guardian's cookie is HttpOnly");
  await page.goto(base + link);
  check((await page.content()).includes("agreed"), "the link is used up");
  await picture(page, "m09-link-used");
  return mother;
}

/** The guardian's page: see, choose, put right. */
async function acts(mother, kid) {
  const { page } = mother;
  await page.goto(`${base}/privacy/child?language=en`);
  await picture(page, "m10-child-page");
  await accessible(page, "the guardian's page for a child");
  equal((await mother.context.request.get(`${base}/v1/me`)).status(), 401, "the session is none of a person's own");
  await page.goto(`${base}/privacy/child/choices?language=en`);
  check(await page.locator("input[name=advertise]").count() === 0, "advertising is not offered for the young");
  await page.check("input[name=improve][value=given]");
  await picture(page, "m11-child-choices");
  await accessible(page, "the choices for a child");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.goto(`${base}/privacy/child/uses?language=en`);
  await page.getByText("You, as the guardian").first().waitFor();
  await picture(page, "m12-child-uses");
  await page.goto(`${base}/privacy/child/requests?language=en`);
  await accessible(page, "the requests for a child");
  await page.getByLabel("Tell me what you hold about me").check();
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/privacy\/child\/requests\/req_/);
  check((await page.locator("main").innerText()).includes("It is done"), "a guardian asks for a right and has the answer");
  await picture(page, "m12-child-request");
  await page.getByRole("link", { name: "Take your data with you" }).click();
  await picture(page, "m12-child-export");
  await accessible(page, "the export for a child");
  await kid.page.goto(`${base}/choices?language=en`);
  await kid.page.check("input[name=survey][value=given]");
  await kid.page.getByRole("button", { name: "Save" }).click();
  await kid.page.getByText("At this age a guardian says yes").waitFor();
  await picture(kid.page, "m13-child-may-not-agree");
}

/** On the day the guardian's page closes, and the person is asked anew. */
async function comesOfAge(mother, kid) {
  equal((await call(base, null, "POST", "/v1/test/clock", { advance: "11d" })).status, 200, "eleven days go by");
  await mother.page.goto(`${base}/privacy/child?language=en`);
  await mother.page.getByRole("heading", { name: "Sign in as a guardian" }).waitFor();
  await picture(mother.page, "m14-guardian-is-out");
  await accessible(mother.page, "the sign-in of a guardian");
  const { page } = kid;
  await page.goto(`${base}/me?language=en`);
  await page.getByText("You came of age").waitFor();
  await picture(page, "m15-asked-anew");
  await accessible(page, "the privacy centre of who came of age");
  await page.goto(`${base}/me?language=zh`);
  await picture(page, "m16-asked-anew-zh");
  await page.goto(`${base}/me?language=en`);
  const consents = await (await kid.context.request.get(`${base}/v1/me/consents`)).json();
  check(consents.choices.every((it) => it.state !== "given"), "what the guardian agreed to has stopped");
  await mailed(browser, base, [KID, /You decide yourself now/]);
  await page.getByRole("link", { name: "Choose now" }).click();
  await page.check("input[name=improve][value=given]");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").first().waitFor();
  await page.goto(`${base}/me?language=en`);
  check(await page.getByText("You came of age").count() === 0, "who answered is not asked again");
  equal(mother.foreign.concat(kid.foreign), [], "no request goes to a third party");
}

/** Another child, whose guardian refuses: everything is gone. */
async function isRefused() {
  const other = "other.planted@example.org";
  const father = "father.planted@example.org";
  const registered = await call(base, null, "POST", "/v1/people", {
    email: other, birth_date: "2016-06-01", region: "eu", language: "en", accept: { version: 1 },
    data: { "guardian-contact": father },
  });
  equal(registered.json.state, "awaiting-guardian", "another child waits");
  const link = (await mailed(browser, base, [father, /(\/privacy\/guardian\/\S+)/]))[1];
  const { page } = await visitor();
  await page.goto(base + link);
  await page.fill("#birth_date", "1979-01-02");
  await page.check("#accept");
  await page.getByRole("button", { name: "Email me a code" }).click();
  await page.locator("#code").waitFor();
  await page.fill("#code", (await mailed(browser, base, [father, /Your code is (\d{6})/]))[1]);
  await page.getByRole("button", { name: "I refuse: delete everything" }).click();
  await page.getByRole("heading", { name: "You refused" }).waitFor();
  await picture(page, "m17-refused");
  await page.goto(base + link);
  await page.getByRole("heading", { name: "This link opens nothing" }).waitFor();
  await picture(page, "m18-link-dead");
  check(!(await page.content()).includes("…@example.org"), "the link says no more of the child");
}
