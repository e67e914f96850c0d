import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { healthyBut5xx } from "@nightshift/lab/scenarios/healthy-but-5xx";
import { scenarios } from "@nightshift/lab/scenarios/index";
import type { Scenario } from "@nightshift/lab/scenario/scenario";
import { type ServedLab, serveLab } from "@nightshift/lab/serve/server";
import { type Browser, chromium, type Page } from "playwright-core";

/** A page of a paused lab: only `lab.pass` moves its time, so that what it shows is the same every time. */
export interface Opened {
  readonly lab: ServedLab;
  readonly page: Page;
  /** Addresses that the page asked for beyond the lab's own; must stay empty. */
  readonly elsewhere: readonly string[];
  /** What the browser complained of; must stay empty. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Debian's Chromium or the one that is named, with no sandbox (CI runs as root) and no calls home. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--font-render-hinting=none",
    ],
  });

/** How the page is opened. */
export interface Opening {
  readonly scenario?: Scenario;
  readonly theme?: "light" | "dark";
  readonly width?: number;
}

/** Serves a lab and opens its page. */
export async function openPage(browser: Browser, { scenario = healthyBut5xx, theme = "light", width = 1440 }: Opening = {}): Promise<Opened> {
  const lab = await serveLab({ port: 0, speed: 0, seed: 1, scenario, scenarios });
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    timezoneId: "UTC",
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(lab.url) && !url.startsWith("data:")) elsewhere.push(url);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(lab.url);
  await page.getByRole("heading", { name: "Nightshift lab" }).waitFor();
  return {
    lab,
    page,
    elsewhere,
    complaints,
    close: async () => {
      await context.close();
      await lab.close();
    },
  };
}

/** What axe-core finds serious or worse, as `rule: element`. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // Run by the browser's debugger, which the page's content policy does not bind.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // axe-core puts itself there; its result has more fields than these.
    const { axe: run } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await run.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  });
}
