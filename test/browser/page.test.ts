import { alarmStorm } from "@nightshift/lab/scenarios/alarm-storms";
import { minutes, ms } from "@nightshift/model";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, type Opened, openPage, seriousProblems } from "./open-page.ts";

let browser: Browser;
let opened: Opened | undefined;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(async () => {
  const { elsewhere, complaints } = opened ?? { elsewhere: [], complaints: [] };
  await opened?.close();
  opened = undefined;
  expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] });
});

/** What has the focus, for the browser to evaluate: this side knows no document. */
const FOCUSED = `(() => {
  const focused = document.activeElement;
  const seen = getComputedStyle(focused).outlineStyle !== "none";
  return (focused.getAttribute("aria-label") ?? focused.textContent.slice(0, 12)) + (seen ? "" : " (unseen)");
})()`;

describe("the lab's page", () => {
  test("shows the account: a bad deployment takes over, and the charts mark it", async () => {
    opened = await openPage(browser);
    const { page, lab } = opened;
    const api = page.getByRole("article", { name: "shop-api" });
    await api.getByText("2 of 2 tasks running").waitFor();
    expect(await api.getByRole("meter").count()).toBe(1);
    await lab.pass(minutes(4));
    await api.getByText("shop-api:43 (bad)").waitFor();
    expect(await page.getByRole("timer").textContent()).toBe("Mon 16 Mar 2026 03:04:00 UTC");
    expect(await api.getByRole("img").getAttribute("aria-label")).toMatch(/^The last hour of shop-api; now requests a minute \d+, 5xx [\d.]+ %, p95 \d+ ms$/);
    await api.getByText("deploy", { exact: true }).waitFor();
    await page.getByText("No backups yet.").waitFor();
  });

  test("begins another story from its menu", async () => {
    opened = await openPage(browser);
    const { page } = opened;
    const { url } = opened.lab;
    await page.getByLabel("Scenario").selectOption("slack-down");
    await page.getByLabel("seed").fill("7");
    await page.getByRole("button", { name: "Start" }).click();
    await expect
      .poll(async () => (await page.request.get(`${url}api/state`).then((answer) => answer.json())).lab.scenario)
      .toMatchObject({ name: "slack-down", seed: 7 });
  });

  test("goes faster, and pauses", async () => {
    opened = await openPage(browser);
    const { page } = opened;
    await page.getByRole("button", { name: "60×" }).click();
    await page.getByRole("button", { name: "60×", pressed: true }).waitFor();
    await expect.poll(() => page.getByRole("timer").textContent()).not.toBe("Mon 16 Mar 2026 03:00:00 UTC");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Pause", pressed: true }).waitFor();
  });

  test("sends an event, and says what is wrong with a bad one", async () => {
    opened = await openPage(browser);
    const { page } = opened;
    await page.getByRole("button", { name: "Send an event…" }).click();
    const dialog = page.getByRole("dialog", { name: "Send an EventBridge event" });
    await dialog.getByLabel("Event, as JSON").fill("{");
    await dialog.getByRole("button", { name: "Send", exact: true }).click();
    await dialog.getByText("This is not JSON").waitFor();
    await dialog.getByRole("button", { name: "Fill in an example" }).click();
    await dialog.getByRole("button", { name: "Send", exact: true }).click();
    await dialog.getByText(/^Delivered as [0-9a-f-]{36}\.$/).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("is reached by the keyboard alone, in the order it is read, with the focus seen", async () => {
    opened = await openPage(browser);
    const { page } = opened;
    const stops: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      await page.keyboard.press("Tab");
      stops.push(String(await page.evaluate(FOCUSED)));
    }
    expect(stops.slice(0, 4)).toEqual(["Pause", "1×", "10×", "60×"]);
    expect(stops.filter((stop) => stop.includes("(unseen)"))).toEqual([]);
  });

  test.each(["light", "dark"] as const)("has no serious problem for people who read it otherwise, %s", async (theme) => {
    opened = await openPage(browser, { theme });
    const { page, lab } = opened;
    await lab.pass(minutes(12));
    await page.getByText("03:12:00").waitFor();
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe(theme);
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: theme === "light" ? "Dark theme" : "Light theme" }).click();
    expect(await seriousProblems(page)).toEqual([]);
  });

  test("names the story that runs, and its menu follows it", async () => {
    opened = await openPage(browser);
    const { page } = opened;
    const { url } = opened.lab;
    await page.getByRole("banner").getByText("Health checks pass, but one request in eight fails", { exact: true }).waitFor();
    await page.request.post(`${url}api/scenario`, { data: { name: "slack-down", seed: 7 } });
    await page.getByRole("banner").getByText("(seed 7)").waitFor();
    expect(await page.getByLabel("Scenario").inputValue()).toBe("slack-down");
  });

  test("lists the alarms that events tell of, and counts a storm", async () => {
    opened = await openPage(browser, { scenario: alarmStorm });
    const { page, lab } = opened;
    await page.getByText("This account has no CloudWatch alarms").waitFor();
    await lab.pass(ms(minutes(1) + 60));
    const alarms = page.getByRole("list", { name: "Alarms" });
    await alarms.getByText("shop-api/check-0001").waitFor();
    expect(await alarms.getByText("● ALARM").count()).toBe(2);
    await lab.pass(minutes(1));
    await page.getByText("1000 alarms: 1000 in ALARM, 0 not").waitFor();
    expect([await alarms.getByText("● ALARM").count(), await alarms.getByText("and 980 more").count()]).toEqual([20, 1]);
  });

  test("fits windows of 400 to 1920: nothing lies over anything else, every control is reached", async () => {
    opened = await openPage(browser, { width: 400 });
    const { page, lab } = opened;
    await lab.pass(minutes(12));
    await page.getByText("03:12:00").waitFor();
    for (const width of [400, 600, 900, 1200, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNothingCovered(page, width);
      await page
        .getByRole("button", { name: /^\d+ repl(y|ies), the last at/ })
        .first()
        .click();
      const thread = page.getByRole("region", { name: "Thread" });
      await thread.getByRole("textbox", { name: "Reply" }).click();
      await thread.getByRole("button", { name: "Close" }).click();
      await page.getByRole("textbox", { name: /^Message / }).click();
      await page.getByText("No backups yet.").click();
      await page.getByRole("button", { name: "Start" }).click({ trial: true });
    }
  });
});

/** The parts of the page stand beside or below each other, inside the window's width, and large enough to be used. */
async function expectNothingCovered(page: Page, width: number): Promise<void> {
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  const places = [
    page.getByRole("banner"),
    page.getByRole("navigation", { name: "Channels" }),
    page.getByRole("region", { name: /^Messages in / }),
    page.getByRole("region", { name: "AWS account" }),
  ];
  const boxes = await Promise.all(places.map(boxOf));
  for (const [i, one] of boxes.entries())
    for (const other of boxes.slice(i + 1)) expect(overlap(one, other), `at ${width}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`).toBe(false);
  for (const { x, width: own, height } of boxes) expect([x >= 0, x + own <= width, own >= 100, height >= 40]).toEqual([true, true, true, true]);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where something is in the window. @throws {Error} when it is not shown. */
async function boxOf(place: Locator): Promise<Box> {
  const box = await place.boundingBox();
  if (box === null) throw new Error(`${String(place)} is not shown on the page.`);
  return box;
}

/** Whether two share a pixel: what only touches does not. */
const overlap = (a: Box, b: Box): boolean => a.x + a.width > b.x + 0.5 && b.x + b.width > a.x + 0.5 && a.y + a.height > b.y + 0.5 && b.y + b.height > a.y + 0.5;
