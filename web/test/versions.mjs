// What the banner says of a new version, and whom it asks anew. Run by run.mjs.
import assert from "node:assert/strict";
import { axe } from "./browser.mjs";
import { endings } from "./endings.mjs";

const NOTICE = { version: 2, effective: "2027-01-01T00:00:00Z", in_force: false, title: "Our privacy policy changes on 1 January 2027", text: "See what changes.", says: [], href: "/privacy/changes/2" };

export function versions(test, { banner, press }) {
  endings(test, { banner, press });
  test("a new version is announced above the question, and once in a tab to who has answered", async ({ page, site, modes }) => {
    modes.notice = NOTICE;
    await page.goto(site);
    const link = banner(page).getByRole("link", { name: NOTICE.title });
    assert.match(await link.getAttribute("href"), /\/privacy\/changes\/2$/);
    await press(page, "Refuse all");
    await banner(page).getByText("Your choice is saved").waitFor();
    await page.reload();
    await banner(page).getByRole("heading", { name: NOTICE.title }).waitFor();
    assert.deepEqual(await axe(page), []);
    await press(page, "Close without answering");
    await page.reload({ waitUntil: "networkidle" });
    assert.equal(await banner(page).count(), 0);
  });

  test("who is asked anew finds the switch off, and the old answer goes on until then", async ({ page, site, modes, seen }) => {
    await page.goto(site);
    await press(page, "Accept all");
    await banner(page).getByText("Your choice is saved").waitFor();
    Object.assign(modes, { askAgain: ["advertise"], notice: { ...NOTICE, in_force: true } });
    await page.reload();
    await press(page, "Choose");
    assert.equal(await banner(page).getByLabel("Relevant advertisements").isChecked(), false);
    assert.equal(await banner(page).getByLabel("Improve our services").isChecked(), true);
    assert.equal(await page.evaluate(() => window.kept.choices.improve), "given");
    modes.askAgain = undefined;
    await press(page, "Save my choice");
    await banner(page).getByText("Your choice is saved").waitFor();
    assert.deepEqual(seen.puts.at(-1).choices, { improve: "given", personalise: "given", advertise: "refused" });
  });
}
