// The panel that announces an end: said before anything is asked, with the way to one's data, once in a
// tab. Run by run.mjs, through versions.mjs.
import assert from "node:assert/strict";
import { axe } from "./browser.mjs";

const ENDING = { id: "end-1", title: "We end our service on 31 December 2026", text: "From then on we collect nothing more.", export: "Take my data with me", href: "/me/export" };

export function endings(test, { banner, press }) {
  test("an end is announced before the question, with the way to one's data, and once in a tab", async ({ page, site, kept, modes, seen }) => {
    modes.endings = [ENDING];
    await page.goto(site);
    await banner(page).getByRole("heading", { name: ENDING.title }).waitFor();
    assert.equal(await banner(page).getByRole("button", { name: "Accept all" }).count(), 0);
    const link = banner(page).getByRole("link", { name: ENDING.export });
    assert.equal(await link.getAttribute("href"), `${kept}/me/export`);
    assert.deepEqual(await axe(page), []);
    await press(page, "Close without answering");
    await banner(page).getByRole("button", { name: "Refuse all" }).waitFor();
    await page.reload();
    await banner(page).getByRole("button", { name: "Refuse all" }).waitFor();
    assert.equal(await banner(page).getByText(ENDING.text).count(), 0);
    assert.deepEqual(seen.puts, []);
  });

  test("who has answered hears of an end too, by keyboard, and a later one anew", async ({ page, site, modes }) => {
    await page.goto(site);
    await press(page, "Refuse all");
    await banner(page).getByText("Your choice is saved").waitFor();
    modes.endings = [ENDING];
    await page.reload();
    await banner(page).getByText(ENDING.text).waitFor();
    await page.keyboard.press("Escape");
    await banner(page).waitFor({ state: "detached" });
    modes.endings = [ENDING, { ...ENDING, id: "end-1-over", title: "We ended our service", export: undefined }];
    await page.reload();
    await banner(page).getByRole("heading", { name: "We ended our service" }).waitFor();
    assert.equal(await banner(page).getByRole("link", { name: ENDING.export }).count(), 0);
  });

  test("the panel of an end fits a narrow screen in the dark", async ({ page, site, modes, shot }) => {
    modes.endings = [ENDING];
    await page.goto(`${site}/shop.html`);
    await banner(page).getByText(ENDING.text).waitFor();
    await shot("ending-360-dark");
    assert.deepEqual(await axe(page), []);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} pixels too wide`);
  }, { viewport: { width: 360, height: 700 }, colorScheme: "dark", reducedMotion: "reduce" });
}
