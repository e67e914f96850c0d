import { parseArgs } from "node:util";
import { breaches, type Figure } from "./measure.ts";
import { cases } from "./cases/index.ts";

/** `npm run bench:slack -- --seed N [--only WORD]`: every figure of the war rooms against its bound; exit code 1 on a breach. */
const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, only: { type: "string" }, json: { type: "boolean", default: false } } });
const seed = Number(values.seed);
if (!Number.isInteger(seed) || seed < 0) {
  console.error(`--seed "${values.seed}" is not a whole number from 0 on.`);
  process.exit(2);
}

const chosen = Object.entries(cases).filter(([name]) => values.only === undefined || name.includes(values.only));
if (chosen.length === 0) {
  console.error(`--only "${values.only}" names no case; there are ${Object.keys(cases).join(", ")}.`);
  process.exit(2);
}
let broken = 0;
for (const [name, measure] of chosen) {
  const began = performance.now();
  for (const figure of await measure(seed)) {
    const bad = breaches(figure);
    if (bad) broken += 1;
    console.log(values.json ? JSON.stringify({ case: name, seed, ...figure, ok: !bad }) : line(figure, bad));
  }
  if (!values.json) console.log(`      ${name}, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
}
if (!values.json) console.log(broken === 0 ? `All bounds hold (seed ${seed}).` : `${broken} bounds do not hold (seed ${seed}).`);
process.exit(broken === 0 ? 0 : 1);

function line({ what, value, atMost, atLeast, unit = "" }: Figure, bad: boolean): string {
  const bound =
    atMost !== undefined && atMost === atLeast
      ? `exactly ${atMost}`
      : [atLeast === undefined ? "" : `at least ${atLeast}`, atMost === undefined ? "" : `at most ${atMost}`].filter((one) => one !== "").join(", ");
  return `${bad ? "FAIL" : "ok  "}  ${what.padEnd(62)} ${String(value).padStart(8)}${unit === "" ? "" : ` ${unit}`}${bound === "" ? "" : `  (${bound})`}`;
}
