import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./tool.ts";

/** `npm run bench:ingress`: what the door to Slack weighs, and how long it takes to import beside a bundle of one AWS client, measured in turns in the same run. Exit code 1 over budget. */

interface Budgets {
  /** Minified bytes in kB of 1,000, by function. */
  readonly minifiedKb: Readonly<Record<string, number>>;
  /** Import time as a part of that of a bundle with one AWS client, by function. */
  readonly importRatio: Readonly<Record<string, number>>;
}

interface Built {
  readonly file: string;
  readonly kb: number;
  readonly gzipKb: number;
}

/** Turns that are counted, and thrown away first while the disk warms up. */
const TURNS = 25;
const WARM = 3;

const out = path.join(root, "out/bench-ingress");

/** As SST 4.17.1 runs esbuild (see scripts/sizes.ts), in one file: nothing of the door's is loaded later. */
async function bundle(name: string, contents: string): Promise<Built> {
  const file = path.join(out, `${name}.mjs`);
  const built = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2024",
    platform: "node",
    mainFields: ["module", "main"],
    keepNames: true,
    minify: true,
    write: false,
    logLevel: "silent",
    absWorkingDir: root,
    banner: { js: 'import { createRequire as topLevelCreateRequire } from "module"; const require = topLevelCreateRequire(import.meta.url);' },
  });
  const text = built.outputFiles[0]?.text ?? "";
  writeFileSync(file, text);
  return { file, kb: Buffer.byteLength(text) / 1_000, gzipKb: gzipSync(text, { level: 9 }).length / 1_000 };
}

/** What the ingress is given in Lambda; the values are made up. */
const environment = {
  AWS_REGION: "eu-central-1",
  LEDGER_TABLE: "ledger",
  COMMANDS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/000000000000/commands",
  SLACK_SIGNING_PARAMETER: "/bench/signing",
  SLACK_TOKEN_PARAMETER: "/bench/token",
  SLACK_TEAM: "T0BENCH",
  SLACK_APP: "A0BENCH",
};

/** Milliseconds that a fresh process takes to import the file. */
function importTime({ file }: Built): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { env: { ...process.env, ...environment }, encoding: "utf8" }));
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

mkdirSync(out, { recursive: true });
const ingress = await bundle("ingress", 'export { handler } from "./functions/ingress/handler.ts";');
const client = await bundle(
  "client",
  'import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs"; export const handler = () => new SQSClient({}).send(new SendMessageCommand({ QueueUrl: "", MessageBody: "" }));',
);
const times: { readonly ingress: number; readonly client: number }[] = [];
for (let turn = 0; turn < TURNS + WARM; turn++) times.push({ ingress: importTime(ingress), client: importTime(client) });
rmSync(out, { recursive: true });

const counted = times.slice(WARM);
const [ours, theirs] = [median(counted.map((one) => one.ingress)), median(counted.map((one) => one.client))];
const ratio = ours / theirs;
const budgets = JSON.parse(readFileSync(path.join(root, "bench/budgets.json"), "utf8")) as Budgets; // our own file; a missing key fails below
const [mostKb = 0, mostRatio = 0] = [budgets.minifiedKb["ingress"], budgets.importRatio["ingress"]];
console.log(`ingress      ${ingress.kb.toFixed(1)} of ${mostKb} kB minified · ${ingress.gzipKb.toFixed(1)} kB gzipped`);
console.log(`one client   ${client.kb.toFixed(1)} kB minified · ${client.gzipKb.toFixed(1)} kB gzipped (@aws-sdk/client-sqs)`);
console.log(`import       ${ours.toFixed(1)} ms beside ${theirs.toFixed(1)} ms: ${ratio.toFixed(2)} of ${mostRatio}, medians of ${TURNS} in turns`);
const over = [
  ...(ingress.kb > mostKb ? [`functions/ingress is ${ingress.kb.toFixed(1)} kB minified, over the budget of ${mostKb} kB`] : []),
  ...(ratio > mostRatio ? [`functions/ingress takes ${ratio.toFixed(2)} of the time of one client to import, over the budget of ${mostRatio}`] : []),
];
for (const problem of over) console.error(problem);
if (over.length > 0) process.exitCode = 1;
