// Every page that a link leads to, in a real browser against a running demonstration: what anybody sees,
// what somebody who registered sees, and what an officer and support see in the console. Each answers, has
// no accessibility fault and fits a telephone, in both languages, and asks no third party.
//
// KEPT_BASE    the server       KEPT_AUTHENTICATOR  the page that shows the codes of the demo's staff
import { launch, check, equal, picture, accessible, strangers, call, fits, joins } from "./lib.mjs";

const base = process.env.KEPT_BASE;
const authenticator = process.env.KEPT_AUTHENTICATOR;
/** Of pages that differ in an id alone, and of each in both languages, so many are looked at. */
const ALIKE = 2;

const browser = await launch();
try {
  await write("complaint");
  await write("message");
  const anybody = await visitor();
  await looks(anybody, "anybody", ["/privacy", "/privacy?language=zh"], (it) => !it.startsWith("/console"));
  const ada = await visitor();
  await joins(browser, base, [ada, { email: "ada.looks@example.org", data: { name: "Ada", password: "correct horse battery" } }]);
  const asked = await ada.request.post(`${base}/v1/me/requests`, { data: { right: "access", text: "What is held?" } });
  check(asked.status() < 300, `she asks for something (${asked.status()})`);
  await looks(ada, "somebody", ["/me", "/me?language=zh"], (it) => it.startsWith("/me"));
  for (const name of ["Olive", "Sam"]) {
    await looks(await signsIn(name), name, ["/console"], (it) => it.startsWith("/console"));
  }
} finally {
  await browser.close();
}

async function write(kind) {
  const answer = await call(base, null, "POST", "/v1/messages", { text: "Where is it?", kind, reply_to: "ada.looks@example.org" });
  check(answer.status < 300, `a ${kind} is taken (${answer.status})`);
}

function visitor() {
  return browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
}

async function signsIn(name) {
  const context = await visitor();
  const page = await context.newPage();
  await page.goto(authenticator);
  const row = page.locator("tr", { hasText: name });
  const given = await row.locator("code").allTextContents();
  await page.goto(`${base}/console?language=en`);
  for (const [at, field] of ["#id", "#password", "#code"].entries()) await page.fill(field, given[at]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/console(\?|$)/);
  await page.close();
  return context;
}

/** Follows links within the server from where to begin, and looks at each page. */
async function looks(context, who, begin, may) {
  const foreign = strangers(context, [base]);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (it) => it.type() === "error" && wrong.push(it.text()));
  page.on("pageerror", (it) => wrong.push(String(it)));
  const [seen, alike, waiting] = [new Set(), new Map(), begin.map((it) => base + it)];
  while (waiting.length > 0) {
    const url = waiting.shift().split("#")[0];
    const { pathname, search } = new URL(url);
    const kind = pathname.replace(/[a-z]+_[a-z0-9_]{8,}/g, "…");
    if (seen.has(url) || (alike.get(kind) ?? 0) >= ALIKE) continue;
    seen.add(url);
    const answer = await context.request.get(url);
    equal(answer.status(), 200, `${who}: ${pathname}${search} answers`);
    // A file is handed out, and is nothing to look at.
    if (!answer.headers()["content-type"].includes("text/html")) continue;
    alike.set(kind, (alike.get(kind) ?? 0) + 1);
    await page.goto(url);
    await accessible(page, `${who}: ${kind}`);
    await fits(page, `${who}: ${kind}`);
    await picture(page, `pages-${who}${kind.replaceAll("/", "-")}-${alike.get(kind)}`);
    for (const to of await page.locator("a[href]").evaluateAll((all) => all.map((it) => it.href))) {
      if (to.startsWith(`${base}/`) && may(new URL(to).pathname)) waiting.push(to);
    }
  }
  check(seen.size > 5, `${who}: ${seen.size} pages were looked at`);
  equal(wrong, [], `${who}: nothing goes wrong in the browser`);
  equal(foreign, [], `${who}: no request goes to a third party`);
  await page.close();
}
