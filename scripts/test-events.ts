// Reads every sample of events/samples with each of its fields deleted and retyped, one at a time (decision 29).
// `npm run test:events`; exits 1 when one of them is neither rejected by name nor harmless.
import { sweep } from "../events/src/sweep.ts";
import { loadSamples } from "../events/samples/load.ts";

const rows = loadSamples().map(({ about, text }) => ({ file: about.file, ...sweep(text) }));
const width = Math.max(...rows.map((row) => row.file.length));
for (const row of rows) {
  console.log(
    `${row.file.padEnd(width)}  ${String(row.mutations).padStart(4)} mutations  ${String(row.rejected).padStart(4)} rejected  ${String(row.passed).padStart(4)} passed`,
  );
  for (const violation of row.violations) console.log(`  wrong: ${violation}`);
}

const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
const violations = sum((row) => row.violations.length);
console.log(
  `${rows.length} samples, ${sum((row) => row.mutations)} mutations: ${sum((row) => row.rejected)} rejected by name, ${sum((row) => row.passed)} passed unharmed, ${violations} wrong`,
);
process.exitCode = violations === 0 ? 0 : 1;
