import { existsSync } from "node:fs";
import { runNode, tools } from "./tool.ts";

/** `npm run test:browser [FILTER…]`: the lab's page in Chromium; CHROMIUM_PATH names another one than Debian's. Installs nothing. `-- --pictures` makes the pictures in docs/images/ anew. */
const pictures = "--pictures";
const chromium = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
if (!existsSync(chromium)) {
  console.error(`test:browser: there is no Chromium at ${chromium}. On Debian run scripts/install-chromium.sh; elsewhere set CHROMIUM_PATH to one.`);
  process.exitCode = 1;
} else {
  const counts = process.env.NIGHTSHIFT_COUNTS;
  const reporters = counts === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${counts}`];
  const { code } = await runNode(
    [tools.vitest, "run", "--config", "vitest.browser.config.ts", ...reporters, ...process.argv.slice(2).filter((one) => one !== pictures)],
    {
      show: true,
      env: process.argv.includes(pictures) ? { UPDATE_IMAGES: "1" } : {},
    },
  );
  process.exitCode = code;
}
