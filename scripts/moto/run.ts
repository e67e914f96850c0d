import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/**
 * `npm run test:moto`: makes a Python environment with the pinned moto, starts its server on a free loopback port, runs
 * the contract suites against it through the real AWS SDK, and stops it. Needs python3 with venv, and PyPI the first time.
 */
const here = import.meta.dirname;
const root = path.join(here, "..", "..");
const venv = path.join(root, ".venv", "moto");
const python = path.join(venv, "bin", "python");

// moto answers its own address when it is ready; 150 looks at 0.2 s.
const looks = 150;

await prepare();
const port = await freePort();
const endpoint = `http://127.0.0.1:${port}`;
const server = spawn(python, [path.join(here, "serve.py"), String(port)], {
  cwd: venv,
  stdio: "ignore",
  env: { ...process.env, MOTO_ACCOUNT_ID: "123456789012" },
});
try {
  await ready(server);
  process.exitCode = await run(
    process.execPath,
    ["--no-warnings", "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.moto.config.ts", ...process.argv.slice(2)],
    {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  );
} finally {
  server.kill();
}

/** Installs what requirements.txt and constraints.txt name, once; again when either changes. */
async function prepare(): Promise<void> {
  const [requirements, constraints] = [path.join(here, "requirements.txt"), path.join(here, "constraints.txt")];
  const wanted = (await readFile(requirements, "utf8")) + (await readFile(constraints, "utf8"));
  const stamp = path.join(venv, "installed.txt");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) return;
  console.log("test:moto: installing moto from PyPI into .venv/moto (once, about half a minute)");
  await mkdir(path.dirname(venv), { recursive: true });
  await must("python3", ["-m", "venv", "--clear", venv], "python3 with its venv module is needed (Debian: apt install python3-venv)");
  await must(
    python,
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements, "-c", constraints],
    "moto could not be installed; is PyPI reachable?",
  );
  await writeFile(stamp, wanted);
}

async function must(command: string, args: readonly string[], sentence: string): Promise<void> {
  const code = await run(command, args).catch(() => 1);
  if (code === 0) return;
  console.error(`test:moto: ${sentence}`);
  process.exit(1);
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function ready(server: ChildProcess): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    if (server.exitCode !== null) throw new Error(`test:moto: moto ended with code ${server.exitCode} before it was ready`);
    if (
      await fetch(`${endpoint}/moto-api/data.json`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await pause(200);
  }
  throw new Error("test:moto: moto did not answer within 30 s");
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const free = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(free));
    });
  });
}
