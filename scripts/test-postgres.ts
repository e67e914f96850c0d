import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { root, runNode, tools } from "./tool.ts";

/**
 * `npm run test:postgres [FILTER…]`: backups on real PostgreSQL servers, each started by the tests on a port of its own and ended
 * with them. Installs what is missing first (Debian's packages, as root); where it cannot, it says what to install and exits 3.
 */
const installed = await new Promise<number>((resolve) => {
  const child = spawn("bash", ["scripts/postgres/install.sh"], { cwd: root, stdio: "inherit" });
  child.on("error", () => resolve(1));
  child.on("close", (code) => resolve(code ?? 1));
});
if (installed !== 0) {
  console.error(
    "test:postgres: PostgreSQL's server and client programs, zstd or restic are not installed; see above, or run `bash scripts/postgres/install.sh` as root on Debian",
  );
  process.exitCode = 3;
} else {
  // What the last run left behind.
  await rm(path.join(root, "out/postgres"), { recursive: true, force: true });
  const counts = process.env["NIGHTSHIFT_COUNTS"];
  const reporters = counts === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${counts}`];
  const { code } = await runNode([tools.vitest, "run", "--config", "vitest.postgres.config.ts", ...reporters, ...process.argv.slice(2)], { show: true });
  process.exitCode = code;
}
