import path from "node:path";
import { askUnanswered } from "@nightshift/lab/scenarios/people-decide";
import { minutes, seconds } from "@nightshift/model";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, type Opened, openPage, seriousProblems } from "./open-page.ts";

const images = path.join(import.meta.dirname, "../../docs/images");

let browser: Browser;
let opened: Opened;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(async () => {
  const { elsewhere, complaints } = opened;
  await opened.close();
  expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] });
});

/** A person types into the channel, and the account has three seconds to answer. */
async function type({ page, lab }: Opened, words: string): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().includes("/api/slack/"));
  await page.getByRole("textbox", { name: /^Message / }).fill(words);
  await page.keyboard.press("Enter");
  expect((await answered).status()).toBe(200);
  await lab.pass(seconds(3));
}

/** A person presses, and the account has some seconds to answer. */
async function press({ page, lab }: Opened, button: Locator): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().includes("/api/slack/"));
  await button.click();
  expect((await answered).status()).toBe(200);
  await lab.pass(seconds(8));
}

const channel = (page: Page): Locator => page.getByRole("region", { name: "Messages in incidents" });
const header = (page: Page): Locator => channel(page).getByRole("heading", { level: 3 }).first();

/** A P1 has a channel of its own, where it goes on. */
async function enterRoom(page: Page): Promise<Page> {
  await page
    .getByRole("navigation", { name: "Channels" })
    .getByRole("button", { name: /^# inc-260316-shop-api/ })
    .click();
  return page;
}

/** Opens the thread of the first message. */
async function openThread(page: Page): Promise<Locator> {
  await page
    .getByRole("button", { name: /^\d+ repl(y|ies), the last at/ })
    .first()
    .click();
  return page.getByRole("region", { name: "Thread" });
}

/** The bad deployment is found, Nightshift asks, and the lead makes a P1 of it. */
async function openP1(theme: "light" | "dark"): Promise<Opened> {
  opened = await openPage(browser, { scenario: askUnanswered, theme });
  const { page, lab } = opened;
  await lab.pass(minutes(5));
  await channel(page).getByText("[P2] shop-api:43: may I roll back?").first().waitFor();
  await type(opened, "/ops sev P1");
  await channel(page).getByText("raised the severity from P2 to P1").waitFor();
  await channel(page).getByText("[P1] shop-api:43: may I roll back?").first().waitFor();
  return opened;
}

describe("a P1 on the lab's page", () => {
  test("is acknowledged by its button, answers commands, and goes on in its thread", async () => {
    const { page, lab } = await openP1("light");
    expect(await header(page).textContent()).toContain("● [shop-api] [P1] shop-api:43: may I roll back?");
    await channel(page).getByText("Nobody has it yet").waitFor();

    await press(opened, channel(page).getByRole("button", { name: "Acknowledge" }));
    await channel(page).getByText("Acknowledged by lead").waitFor();
    expect(await channel(page).getByText("Nobody has it yet").count()).toBe(0);
    expect(await channel(page).getByRole("button", { name: "Acknowledge" }).count()).toBe(0);

    await type(opened, "/ops status");
    await channel(page).getByText("shop-worker").first().waitFor();
    expect(await channel(page).getByText("only you see this").count()).toBeGreaterThan(0);

    const thread = await openThread(await enterRoom(page));
    await thread.getByText("lead acknowledged.").waitFor();
    const before = await thread.getByRole("listitem").count();
    await type(opened, "/ops note the cache is cold");
    await lab.pass(minutes(1));
    await thread.getByText("lead: the cache is cold").waitFor();
    expect(await thread.getByRole("listitem").count()).toBeGreaterThan(before);
    await page.keyboard.press("Escape");
    await thread.waitFor({ state: "hidden" });
  });

  test("takes a note by its form, which the keyboard can leave", async () => {
    const { page, lab } = await openP1("light");
    const more = channel(page).getByLabel("More").first();
    const opening = page.waitForResponse((response) => response.url().includes("/api/slack/press"));
    await more.selectOption({ label: "Add a note…" });
    await opening;
    const form = page.getByRole("dialog");
    await form.waitFor();
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "hidden" });

    await more.selectOption({ label: "Add a note…" });
    await form.waitFor();
    await form.getByRole("textbox").first().fill("the cache is cold");
    await press(opened, form.locator("button[type=submit]"));
    await form.waitFor({ state: "hidden" });
    await lab.pass(minutes(1));
    await (await openThread(await enterRoom(page))).getByText("lead: the cache is cold").waitFor();
  });

  test("does not let a form of before stand in front of the page after a reload", async () => {
    const { page } = await openP1("light");
    const more = channel(page).getByLabel("More").first();
    await more.selectOption({ label: "Add a note…" });
    await page.getByRole("dialog").waitFor();
    await page.reload();
    const left = page.getByText(/^The form .* is still open\.$/);
    await left.waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("dialog").waitFor();
    await page.reload();
    await left.waitFor();
    await page.keyboard.press("Escape");
    await left.waitFor({ state: "hidden" });
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("says what a command would do, and what is no command", async () => {
    const { page } = await openP1("light");
    await type(opened, "/ops rollback shop-api --dry-run");
    await channel(page).getByText("shop-api:42").first().waitFor();
    await type(opened, "/ops rolback shop-api");
    await channel(page)
      .getByText(/rollback/)
      .first()
      .waitFor();
    await page.getByLabel("Message incidents").fill("/deploy shop-api");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("This workspace knows one command, /ops, and not /deploy.").waitFor();
    await page.getByLabel("Message incidents").press("ArrowUp");
    expect(await page.getByLabel("Message incidents").inputValue()).toBe("/deploy shop-api");
    // The browser reports the refused request; that is what was asked for.
    opened.complaints.length = 0;
  });

  test.each([
    ["light", "lab-p1.png"],
    ["dark", "lab-p1-dark.png"],
  ] as const)("looks as the pictures in the docs show, %s", async (theme, file) => {
    const { page } = await openP1(theme);
    const thread = await openThread(page);
    await thread.getByRole("img", { name: /^Chart of what rang/ }).waitFor();
    await page.getByRole("article", { name: "shop-api" }).getByText("shop-api:43 (bad)").waitFor();
    expect(await header(page).textContent()).toContain("[P1]");
    for (const name of ["Acknowledge", "Severity…", "Resolve"]) expect(await channel(page).getByRole("button", { name }).count()).toBe(1);
    expect(await seriousProblems(page)).toEqual([]);
    await thread.getByRole("list").first().evaluate("(list) => { list.scrollTop = 0; }");
    // Another machine's Chromium draws other bytes: the pictures in the docs change only when that is what was asked for.
    if (process.env["UPDATE_IMAGES"] === "1") await page.screenshot({ path: path.join(images, file), animations: "disabled" });
  });
});
