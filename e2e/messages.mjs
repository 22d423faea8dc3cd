// Writing to us in a real browser against a running demonstration: the form without a script, what a
// person sees of their conversations, a complaint that is answered in time, a message that runs over,
// and the figures that anyone can see.
//
// KEPT_BASE    the server       KEPT_AUTHENTICATOR  the page that shows the codes of the demo's staff
import { launch, check, equal, picture, accessible, strangers, call, mailed } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const authenticator = process.env.KEPT_AUTHENTICATOR;
const EMAIL = "mei.writes@example.org";

const browser = await launch();
try {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 900 }, locale: "en-GB", javaScriptEnabled: false,
  });
  const foreign = strangers(context, [base]);
  const page = await context.newPage();
  const staff = await signsIn();
  const complaint = await writes(page);
  await isAnswered(staff, complaint);
  const late = await runsOver(staff);
  await looks(page, late);
  await reads(context);
  equal(foreign, [], "no request goes to a third party");
} finally {
  await browser.close();
}

/** Anybody writes: the form works without a script, and says what is wrong. */
async function writes(page) {
  await page.goto(`${base}/privacy/contact?language=en`);
  await picture(page, "messages-01-contact");
  await page.goto(`${base}/privacy/contact?language=zh`);
  await picture(page, "messages-02-contact-zh");
  await page.goto(`${base}/privacy/contact?language=en`);
  await page.check('input[name="kind"][value="complaint"]');
  await page.fill("#text", "You wrote to me although I had said no.");
  await page.fill("#reply_to", EMAIL);
  await page.selectOption("#region", "eu");
  await page.getByRole("button", { name: "Send" }).click();
  check(await page.getByRole("alert").isVisible(), "what is sent at once is shown once more");
  equal(await page.inputValue("#text"), "You wrote to me although I had said no.", "and what was typed stays");
  await picture(page, "messages-03-too-soon");
  await call(base, null, "POST", "/v1/test/clock", { advance: "1m" });
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("dd.hash").waitFor();
  const id = (await page.locator("dd.hash").innerText()).trim();
  check(id.startsWith("msg_eu_"), "the complaint has a number");
  await picture(page, "messages-04-arrived");
  return id;
}

/** A member of staff signs in, with the code of the page in place of a telephone. */
async function signsIn() {
  const html = await (await fetch(authenticator)).text();
  const row = html.split("<tr>").find((it) => it.includes("Sam"));
  const [id, password, code] = [...row.matchAll(/<code[^>]*>([^<]*)<\/code>/g)].map((it) => it[1]);
  const signed = await fetch(`${base}/v1/staff/session`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id, password, code }),
  });
  equal(signed.status, 200, "support signs in with both factors");
  return signed.headers.get("set-cookie").split(";")[0];
}

/** The complaint is answered in time; the mail names the authority. */
async function isAnswered(cookie, id) {
  const answer = await call(base, null, "POST", `/v1/messages/${id}/outcome`,
    { outcome: "rejected", text: "The list shows your yes of last May." }, { cookie });
  equal([answer.status, answer.json.state], [200, "answered"], "the complaint is answered");
  const figures = await call(base, null, "GET", "/privacy/service.json");
  equal(figures.json.complaints.last_30_days.share, 1000, "in time, and counted so");
}

/** A message waits; the manager is told in time, and it counts as late after its clock. */
async function runsOver(cookie) {
  const left = await call(base, null, "POST", "/v1/messages",
    { text: "My mixer hums.", reply_to: "noise@example.org", kind: "message" });
  equal(left.status, 201, "a message is taken");
  await call(base, null, "POST", "/v1/test/clock", { advance: "20h" });
  // Nobody used the session for an hour and more: staff signs in again.
  check(cookie.length > 0, "support was signed in");
  const figures = await call(base, null, "GET", "/privacy/service.json");
  equal(figures.json.messages.last_30_days.late, 0, "it is not late yet");
  await call(base, null, "POST", "/v1/test/clock", { advance: "5h" });
  const later = await call(base, null, "GET", "/privacy/service.json");
  equal(later.json.messages.last_30_days.late, 1, "overdue and open counts as late");
  return left.json.id;
}

/** The manager's mail, and the public figures. */
async function looks(page, late) {
  await page.goto(`${base}/mail?language=en`);
  const mails = await page.locator(".mail").allInnerTexts();
  const told = mails.find((it) => it.includes("manager@example.com"));
  check(told && told.includes(late) && !told.includes("noise@example.org"), "the manager hears of the number and of nobody");
  const answered = mails.find((it) => it.includes(EMAIL) && it.includes("data protection authority"));
  check(answered, "the answer names the authority");
  await page.goto(`${base}/privacy/service?language=en`);
  await picture(page, "messages-05-service");
  await page.goto(`${base}/privacy/service?language=zh`);
  await page.setViewportSize({ width: 360, height: 760 });
  await picture(page, "messages-06-service-zh-360");
  await page.setViewportSize({ width: 1100, height: 900 });
}

/** A person with an account sees the conversation and adds to it. */
async function reads(plain) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  for (const path of ["/privacy/contact", "/privacy/service"]) {
    await page.goto(`${base}${path}?language=en`);
    await accessible(page, path);
  }
  await page.setViewportSize({ width: 360, height: 760 });
  await page.goto(`${base}/privacy/contact?language=en`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 360, `the form fits 360 pixels (it takes ${wide})`);
  await page.setViewportSize({ width: 1100, height: 900 });
  const registered = await context.request.post(`${base}/v1/people`, { data: {
    email: "lin.writes@example.org", birth_date: "1990-05-17", region: "cn", language: "en",
    accept: { version: 1 }, data: {},
  } });
  const { id } = await registered.json();
  await plain.request.get(`${base}/health`);
  const code = (await mailed(browser, base, ["lin.writes@example.org", /Your code is (\d{6})/]))[1];
  await context.request.post(`${base}/v1/people/${id}/verify`, { data: { channel: "email", code } });
  await context.request.post(`${base}/v1/messages`, { data: { text: "Where is my order?\n\nIt was to come last week." } });
  await page.goto(`${base}/me?language=en`);
  await page.getByRole("link", { name: "Your messages" }).first().click();
  await page.waitForURL(/\/me\/messages/);
  await picture(page, "messages-07-mine");
  await accessible(page, "one's own messages");
  await page.locator(".card-title a").first().click();
  await page.fill("#text", "It came just now. Thank you!");
  await picture(page, "messages-08-conversation");
  await accessible(page, "a conversation");
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/done=sent/);
  check((await page.locator(".timeline").innerText()).includes("It came just now."), "what was added stands there");
  await page.goto(`${page.url().split("?")[0]}?language=zh`);
  await picture(page, "messages-09-conversation-zh");
}
