// The console in a real browser against a running demonstration: what is due, a message and a complaint
// answered in time, one that ran over, a request, a hold that takes two, a version, an ending.
//
// KEPT_BASE    the server       KEPT_AUTHENTICATOR  the page that shows the codes of the demo's staff
import { launch, check, equal, picture, accessible, strangers, call } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const authenticator = process.env.KEPT_AUTHENTICATOR;

const browser = await launch();
try {
  const old = await writes("Nobody answers the telephone that the policy names.", "complaint", "old.writes@example.org");
  // Fifteen working days run; seven days before their end a manager is called.
  await call(base, null, "POST", "/v1/test/clock", { advance: "14d" });
  const late = await writes("My mixer makes a noise. Is that in order?", "message", "noise@example.org");
  await call(base, null, "POST", "/v1/test/clock", { advance: "25h" });
  const message = await writes("Where is my order?\n\nIt was to come last week.", "message", "ada.writes@example.org");
  const complaint = await writes("You wrote to me although I had said no.", "complaint", "ada.writes@example.org");
  const support = await signsIn("Sam");
  await answers(support, { late, message, complaint });
  await isEscalated(support, old);
  const officer = await signsIn("Olive");
  const hold = await asks(officer);
  const second = await signsIn("Otto");
  await approves(second, hold);
  await looks(second);
} finally {
  await browser.close();
}

/** Somebody writes; answers the number of the case. */
async function writes(text, kind, reply_to) {
  const answer = await call(base, null, "POST", "/v1/messages", { text, kind, reply_to });
  check(answer.status < 300, `a ${kind} is taken (${answer.status} ${answer.text.slice(0, 120)})`);
  return answer.json.id;
}

/** Signs somebody of the demonstration's staff in, with the code of the page in place of a telephone. */
async function signsIn(name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  const foreign = strangers(context, [base, new URL(authenticator).origin]);
  const page = await context.newPage();
  await page.goto(authenticator);
  const row = page.locator("tr", { hasText: name });
  const [id, password, code] = await row.locator("code").allTextContents();
  await page.goto(`${base}/console?language=en`);
  if (name === "Sam") {
    await picture(page, "console-01-sign-in");
    await accessible(page, "the sign-in of the console");
    await page.fill("#id", id);
    await page.fill("#password", password);
    await page.fill("#code", "000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    check(await page.getByRole("alert").isVisible(), "a wrong code says so");
    equal(await page.inputValue("#id"), id, "and the id need not be typed again");
  }
  await page.fill("#id", id);
  await page.fill("#password", password);
  await page.fill("#code", code);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/console(\?|$)/);
  return { context, page, id, foreign };
}

/** Support sees what is due, answers a message, decides a complaint. */
async function answers({ page, foreign }, { late, message, complaint }) {
  await picture(page, "console-02-due");
  await accessible(page, "the list of what is due");
  const due = await page.locator("main").innerText();
  check(due.indexOf(late) < due.indexOf(message), "what is overdue comes first");
  check(due.includes("overdue by 1 hour"), "and says by how much");
  await page.goto(`${base}/console/messages/${message}?language=en`);
  await picture(page, "console-03-message");
  await accessible(page, "a message");
  await page.locator("#note textarea").fill("Parcel is in Foshan.");
  await page.locator("#note .button").click();
  await page.locator("#reply textarea").fill("It arrives tomorrow.\nWe are sorry that it is late.");
  await page.locator("#reply .button").click();
  await page.waitForURL(/done=1/);
  const said = await page.locator(".timeline").innerText();
  check(said.includes("It arrives tomorrow.") && said.includes("Parcel is in Foshan."), "answer and note stand in the thread");
  await picture(page, "console-04-answered");
  await page.goto(`${base}/console/messages/${complaint}?language=en`);
  await page.locator("#decide select").selectOption("upheld");
  await page.locator("#decide textarea").fill("You are right: the list was old. It is gone.");
  await picture(page, "console-05-complaint");
  await accessible(page, "a complaint");
  await page.locator("#decide .button").click();
  await page.waitForURL(/done=1/);
  check((await page.locator("main").innerText()).includes("upheld"), "the complaint has its outcome");
  await page.goto(`${base}/console/messages?language=zh&over=1`);
  await picture(page, "console-06-messages-zh");
  await accessible(page, "the list of messages in Chinese");
  await page.setViewportSize({ width: 360, height: 760 });
  await page.goto(`${base}/console?language=en`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await picture(page, "console-07-due-360");
  check(wide <= 360, `what is due fits 360 pixels (it takes ${wide})`);
  equal(foreign, [], "no request goes to a third party");
}

/** A complaint that nobody answered: a manager was called in time, and it is answered before it runs over. */
async function isEscalated({ page }, old) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${base}/mail?language=en`);
  const told = (await page.locator(".mail").allInnerTexts()).find((it) => it.includes("manager@example.com") && it.includes(old));
  check(told && !told.includes("old.writes@"), "the manager hears of the number and of nobody");
  await page.goto(`${base}/console/messages?language=en`);
  const row = page.locator("tr", { hasText: old });
  check(/days? .*left/.test(await row.innerText()), "the queue shows what is left of its time");
  await row.getByRole("link").first().click();
  await page.waitForURL(new RegExp(old));
  check((await page.locator("main").innerText()).includes("A manager was called"), "the desk sees that a manager was called");
  await picture(page, "console-08-escalated");
  await accessible(page, "a complaint that was escalated");
  await page.locator("#decide select").selectOption("partly");
  await page.locator("#decide textarea").fill("The number had changed; it is right again.");
  await page.locator("#decide .button").click();
  await page.waitForURL(/done=1/);
  const figures = await call(base, null, "GET", "/privacy/service.json");
  const { in_time, late } = figures.json.complaints.last_30_days;
  equal([in_time, late], [2, 0], "both complaints were answered in time");
  await picture(page, "console-09-partly");
}

/** An officer opens a request for somebody who called, and asks for a hold. */
async function asks({ page }) {
  await page.goto(`${base}/console/requests?language=en`);
  await page.locator("#open select").first().selectOption("access");
  await page.locator("#open input[type=email]").fill("wrote.in@example.org");
  await page.locator("#open textarea").fill("What do you know of me?");
  await picture(page, "console-10-requests");
  await accessible(page, "the list of requests");
  await page.locator("#open .button").click();
  await page.waitForURL(/req_/);
  await picture(page, "console-11-request");
  await accessible(page, "a request");
  check((await page.locator("main").innerText()).includes("not known yet who asks"), "nothing is done before it is known who asks");
  await page.locator("#check .button").click();
  await page.waitForURL(/done=1/);
  const person = (await page.locator("dd", { hasText: /^per_/ }).first().innerText()).trim();
  await page.goto(`${base}/console/holds?language=en`);
  await page.locator("#place input[name=person]").fill(person);
  await page.locator("#place textarea").fill("email");
  await page.locator("#place input[name=ground]").fill("a proceeding");
  await page.locator("#place input[name=reference]").fill("(2026) 0601 No. 7");
  await page.locator("#place input[name=authority]").fill("People's court of Chancheng");
  await page.locator("#place input[name=until]").fill("2027-06-30");
  await picture(page, "console-12-holds");
  await accessible(page, "the list of holds");
  await page.locator("#place .button").click();
  await page.waitForURL(/hold_/);
  check((await page.locator("#approve").count()) === 0, "whoever asks for a hold does not approve it");
  await picture(page, "console-13-hold");
  return page.url().split("/").pop().split("?")[0];
}

/** A second officer approves. */
async function approves({ page }, hold) {
  await page.goto(`${base}/console/holds/${hold}?language=en`);
  await accessible(page, "a hold");
  await page.locator("#approve .button").click();
  await page.waitForURL(/done=1/);
  check((await page.locator("main").innerText()).includes("in force"), "with the second it stands");
  await picture(page, "console-14-held");
}

/** Versions, endings, evidence. */
async function looks({ page }) {
  await page.goto(`${base}/console/policy?language=en`);
  await picture(page, "console-15-policy");
  await accessible(page, "the versions");
  await page.goto(`${base}/console/cessation?language=en`);
  await page.locator("#plan .button").click();
  await page.waitForURL(/done=1/);
  await picture(page, "console-16-ending");
  await accessible(page, "an ending");
  await page.locator("#cancel .button").click();
  equal(await page.locator("#cancel input[name=sure]:invalid").count(), 1, "what is not taken back is not done by one click");
  await page.locator("#cancel input[name=sure]").check();
  await page.locator("#cancel .button").click();
  await page.waitForURL(/done=1/);
  check((await page.locator("main").innerText()).includes("taken back"), "a planned end can be called off");
}
