import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { root, runNode, tools } from "./tool.ts";

/**
 * `npm run test:brokers [FILTER…]`: real Celery workers, 5.2 and 5.6, on real Redis and RabbitMQ, each started by the tests on
 * ports of its own and ended with them. Installs what is missing first (Debian's packages as root, Celery 5.6 from PyPI).
 */
const installed = await new Promise<number>((resolve) => {
  const child = spawn("bash", ["scripts/brokers/install.sh"], { cwd: root, stdio: "inherit" });
  child.on("error", () => resolve(1));
  child.on("close", (code) => resolve(code ?? 1));
});
if (installed !== 0) {
  console.error("test:brokers: the brokers are not installed; see above, or run `bash scripts/brokers/install.sh` as root on Debian");
  process.exitCode = 1;
} else {
  // What the last run left behind: logs and what servers kept.
  await rm(path.join(root, "out/brokers"), { recursive: true, force: true });
  const counts = process.env.NIGHTSHIFT_COUNTS;
  const reporters = counts === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${counts}`];
  const { code } = await runNode([tools.vitest, "run", "--config", "vitest.brokers.config.ts", ...reporters, ...process.argv.slice(2)], { show: true });
  process.exitCode = code;
}
