// The end of a service as a person sees it, in a real browser against a running demonstration: the line
// on every page and on the site of the shop, messages to the browser, time to export, and what is left.
//
// KEPT_BASE  the server   KEPT_SITE  the sample site   KEPT_AUTHENTICATOR  the codes of the demo's staff
import { launch, check, equal, picture, accessible, strangers, call, joins } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const site = process.env.KEPT_SITE;
const authenticator = process.env.KEPT_AUTHENTICATOR;
const EMAIL = "eva.leaves@example.org";
// The example of RFC 8291: a browser that there is none of.
const SUBSCRIPTION = {
  endpoint: "https://push.example.com/send/1",
  keys: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  },
};

const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-GB", reducedMotion: "reduce" });
  const foreign = strangers(context, [base, site]);
  const page = await context.newPage();
  await registers(page);
  await switchesMessagesOn(context, page);
  await isAnnounced();
  await isTold(context, page);
  await sees(page);
  await comes(page);
  await takesAlong(page);
  await isGone(page);
  equal(foreign, [], "no request goes to a third party");
} finally {
  await browser.close();
}

/** An account, by the interface; the session goes into the browser. */
async function registers(page) {
  await joins(browser, base, [page.context(), {
    email: EMAIL, birth_date: "1985-03-04", data: { name: "Eva", password: "correct horse battery" },
  }]);
}

/** The page in the privacy centre: without a push service at hand, the browser's answer is played. */
async function switchesMessagesOn(context, page) {
  await context.grantPermissions(["notifications"], { origin: base });
  await page.addInitScript((made) => {
    let current = null;
    const subscription = { ...made, toJSON: () => made, unsubscribe: async () => ((current = null), true) };
    PushManager.prototype.subscribe = async () => (current = subscription);
    PushManager.prototype.getSubscription = async () => current;
  }, SUBSCRIPTION);
  await page.goto(`${base}/me/push?language=en`);
  await page.getByRole("button", { name: "Switch messages on" }).waitFor();
  await accessible(page, "the page about messages");
  await picture(page, "ending-01-messages-off");
  await page.getByRole("button", { name: "Switch messages on" }).click();
  await page.getByText("Messages are on in this browser").waitFor();
  await picture(page, "ending-02-messages-on");
  await page.goto(`${base}/me?language=en`);
  check((await page.locator("#push").innerText()).includes("1 browser"), "the privacy centre shows that one browser is written to");
}

/** Two members of staff: one plans and announces, another approves. */
async function isAnnounced() {
  const [olive, otto] = [await signsIn("Olive"), await signsIn("Otto")];
  const planned = await call(base, null, "POST", "/v1/cessation", {}, { cookie: olive });
  equal([planned.status, planned.json.state], [201, "planned"], "an end is planned");
  await call(base, null, "POST", "/v1/test/clock", { advance: "1s" });
  const path = `/v1/cessation/${planned.json.id}`;
  const seen = await call(base, null, "GET", path, undefined, { cookie: olive });
  check(seen.json.counted && seen.json.reach.cn.push === 1, "everybody is counted, by how they can be told");
  equal((await call(base, null, "POST", `${path}/announce`, undefined, { cookie: olive })).json.state, "proposed", "one announces");
  equal((await call(base, null, "POST", `${path}/approve`, undefined, { cookie: olive })).status, 409, "and cannot approve it alone");
  equal((await call(base, null, "POST", `${path}/approve`, undefined, { cookie: otto })).json.state, "announced", "another approves");
  await call(base, null, "POST", "/v1/test/clock", { advance: "1s" });
}

async function signsIn(name) {
  const html = await (await fetch(authenticator)).text();
  const row = html.split("<tr>").find((it) => it.includes(name));
  const [id, password, code] = [...row.matchAll(/<code[^>]*>([^<]*)<\/code>/g)].map((it) => it[1]);
  const signed = await fetch(`${base}/v1/staff/session`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id, password, code }),
  });
  equal(signed.status, 200, `${name} signs in with both factors`);
  return signed.headers.get("set-cookie").split(";")[0];
}

/** By mail, and by a message that the worker shows; what a service would carry goes in by the debugger. */
async function isTold(context, page) {
  await page.goto(`${base}/mail?language=en`);
  const mail = page.locator(".mail", { hasText: EMAIL }).filter({ hasText: "We end the service" });
  equal(await mail.count(), 1, "one mail says that the service ends");
  await mail.scrollIntoViewIfNeeded();
  await picture(page, "ending-03-mail", { fullPage: false });
  await page.goto(`${base}/me/push?language=en`);
  await page.evaluate(() => navigator.serviceWorker.ready).catch(() => {});
  const session = await context.newCDPSession(page);
  const registered = new Promise((done) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find((it) => it.scopeURL.startsWith(base) && !it.isDeleted);
      if (ours) done(ours.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const data = JSON.stringify({ title: "We end the service", body: "You can take your data with you.", url: `${base}/privacy`, tag: "ending-1" });
  await session.send("ServiceWorker.deliverPushMessage", { origin: base, registrationId: await registered, data });
  const shown = await page.waitForFunction(async () => {
    const worker = await navigator.serviceWorker.ready;
    const [one] = await worker.getNotifications();
    return one && [one.title, one.body, one.tag, one.data.url];
  });
  equal(await shown.jsonValue(), ["We end the service", "You can take your data with you.", "ending-1", `${base}/privacy`], "the worker shows the message");
}

/** Every page says so, and so does the site of the shop. */
async function sees(page) {
  await page.goto(`${base}/privacy?language=en`);
  const line = page.getByRole("complementary", { name: /We end our service on/ });
  check(await line.isVisible(), "the policy says in its head that the service ends");
  check(await line.getByRole("link", { name: "Take my data with me" }).isVisible(), "with the way to one's data");
  await accessible(page, "the policy with an end ahead");
  await picture(page, "ending-04-privacy", { fullPage: false });
  await page.goto(`${base}/privacy?language=zh`);
  await page.setViewportSize({ width: 360, height: 760 });
  await picture(page, "ending-05-privacy-zh-360", { fullPage: false });
  await page.setViewportSize({ width: 1100, height: 900 });
  await page.goto(site);
  await page.getByRole("region", { name: /We end our service on/ }).waitFor();
  await picture(page, "ending-06-shop", { fullPage: false });
  await page.getByRole("button", { name: "Close without answering" }).click();
  await page.getByRole("region", { name: /Your choice/ }).waitFor();
  check(true, "after that the banner asks as before");
  await page.reload();
  await page.getByRole("region", { name: /Your choice/ }).waitFor();
  check(true, "and the end is not said again in this tab");
}

/** The day comes: nobody registers any more, nothing is asked. */
async function comes(page) {
  equal((await call(base, null, "POST", "/v1/test/clock", { advance: "745h" })).status, 200, "the day comes");
  const late = await call(base, null, "POST", "/v1/people", {
    email: "late@example.org", birth_date: "1985-03-04", region: "cn", language: "en", accept: { version: 1 }, data: {},
  });
  equal([late.status, late.json.reason, late.json.clauses[0]], [403, "ceased", "cease"], "nobody registers any more");
  await page.goto(`${base}/register?language=en`);
  await page.fill("#birth_date", "1990-05-17");
  await page.getByRole("button", { name: "Continue" }).or(page.getByRole("button", { name: "Go on" })).first().click();
  await page.fill("#email", "later@example.org");
  await page.check("#accept");
  await page.getByRole("button", { name: "Register" }).first().click();
  check((await page.locator("main").innerText()).includes("nothing more is collected"), "the page says why, in words");
  await picture(page, "ending-07-registering-too-late");
}

/** There is time to take everything along. */
async function takesAlong(page) {
  await page.goto(`${base}/sign-in?language=en`);
  await page.fill("#email", EMAIL);
  await page.fill("#password", "correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).first().click();
  await page.goto(`${base}/me/export?language=en`);
  check(await page.getByRole("complementary", { name: /We ended our service on/ }).isVisible(), "the privacy centre says that it has ended");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "JSON" }).click()]);
  check((await download.path()).length > 0, "and the export is there");
  await accessible(page, "the export after the end");
  await picture(page, "ending-08-export");
}

/** Then everything is gone, and the site says so. */
async function isGone(page) {
  for (const advance of ["745h", "1m", "1m", "1m"]) await call(base, null, "POST", "/v1/test/clock", { advance });
  await page.goto(`${base}/privacy?language=en`);
  check(await page.getByText("Everything that we held was deleted").isVisible(), "everything was deleted");
  await picture(page, "ending-09-gone", { fullPage: false });
  const olive = await signsIn("Olive");
  const seen = await call(base, null, "GET", "/v1/cessation/1", undefined, { cookie: olive });
  equal(seen.json.state, "closed", "the end is closed");
  check(seen.json.report.includes('"report": "ending"'), "with a signed report");
}
