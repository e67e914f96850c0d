import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { openCorruptionStage, type SetResult, sets } from "../test/postgres/proof/corruptions.ts";
import { killNights, type KillsPlayed, nightBoundaries } from "../test/postgres/proof/kills.ts";
import { playRounds, type RoundsPlayed } from "../test/postgres/proof/rounds.ts";
import { root } from "./tool.ts";

/**
 * `npm run prove [-- --quick] [--only rounds|corruptions|kills] [--rounds N] [--seed N] [--write]`: the numbers that say whether backups can be trusted,
 * on real servers. `--quick` is what every change goes through; without it the full counts run, for about an hour. Exit 1 when one promise is broken.
 */
const quick = process.argv.includes("--quick");
const after = (word: string): string | undefined => (process.argv.includes(word) ? process.argv[process.argv.indexOf(word) + 1] : undefined);
function wholeNumber(word: string, usual: number): number {
  const given = after(word);
  if (given === undefined || /^\d{1,9}$/.test(given)) return Number(given ?? usual);
  console.error(`prove: ${word} ${given} is not a whole number; leave it out for ${usual}`);
  process.exit(2);
}
const seed = wholeNumber("--seed", 1);
const only = after("--only");
const wanted = (part: string): boolean => only === undefined || only === part;
const usual = quick ? { rounds: 200, megabytes: 20, perSet: 100, atRandom: 6 } : { rounds: 20, megabytes: 600, perSet: 1_000, atRandom: 50 };
const size = { ...usual, rounds: wholeNumber("--rounds", usual.rounds) };

const lines: string[] = [];
let broken = 0;
const began = performance.now();
const show = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const holds = (ok: boolean, line: string): void => {
  if (!ok) broken += 1;
  show(`${ok ? "ok   " : "BROKEN"} ${line}`);
};
const tell = (line: string): void => {
  if (process.stdout.isTTY || process.env["VERBOSE"]) console.log(`       ${line}`);
};

if (spawnSync("bash", ["scripts/postgres/install.sh"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] }).status !== 0) {
  console.error("prove: PostgreSQL's programs are not installed; run `bash scripts/postgres/install.sh` as root on Debian");
  process.exit(3);
}
if (wanted("rounds")) judgeRounds(await playRounds({ rounds: size.rounds, megabytes: size.megabytes, leastTps: 400, seed, say: tell }));
if (wanted("corruptions")) {
  const stage = await openCorruptionStage();
  try {
    for (const set of sets) judgeSet(await stage.play(set, set === "manifest.json" ? 200 : size.perSet, seed));
  } finally {
    await stage.stop();
  }
}
if (wanted("kills")) judgeKills(await killNights({ atRandom: size.atRandom, seed, say: tell }));
show(`seed ${seed}, ${Math.round((performance.now() - began) / 1_000)} s`);
if (process.argv.includes("--write")) await writeFile(path.join(root, "docs/backup-proof.md"), page());
if (broken > 0) process.exitCode = 1;

function judgeRounds(played: RoundsPlayed): void {
  const { nothing, truncate, ddl, "sequence reset": reset } = played.byRace;
  const raced = `${nothing} without a race, ${truncate} against TRUNCATE, ${ddl} against DDL, ${reset} against a sequence reset`;
  holds(
    played.counted === size.rounds,
    `${played.counted} rounds of ${size.megabytes} MB under at least 400 transactions a second (${raced}); ${played.tooSlow} more did not count`,
  );
  holds(played.medianTps >= 400, `median of ${Math.round(played.medianTps)} transactions a second while dump and manifest were taken`);
  holds(played.falseAlarms.length === 0, `${played.falseAlarms.length} false alarms`);
  for (const alarm of played.falseAlarms.slice(0, 10)) show(`       ${alarm}`);
  const failed = Object.entries(played.writerFailed).map(([state, count]) => `${count} × ${state}`);
  show(`       the writer's failures by SQLSTATE: ${failed.join(", ") || "none"}`);
}

function judgeSet({ set, tried, caught, harmless, missed }: SetResult): void {
  const by = Object.entries(caught).map(([what, count]) => `${count} by ${what}`);
  holds(missed.length === 0, `${tried} damages, ${set}: caught ${by.join(", ")}; ${harmless} harmless; ${missed.length} missed`);
  for (const one of missed.slice(0, 10)) show(`       ${one}`);
}

function judgeKills({ killed, tooLate, problems }: KillsPlayed): void {
  holds(
    killed >= nightBoundaries.length,
    `${killed} nights killed: at each of ${nightBoundaries.length} boundaries, and at ${size.atRandom} random times (${tooLate} had ended before)`,
  );
  holds(problems.length === 0, `${problems.length} of them left anything but one proven backup after the next run`);
  for (const problem of problems.slice(0, 10)) show(`       ${problem}`);
}

function page(): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 1_024 ** 3)} GiB`;
  return `# Proof of backups

Printed by \`npm run prove${process.argv
    .slice(2)
    .map((word) => ` ${word}`)
    .join("")}\` on ${new Date().toISOString().slice(0, 10)}; ${machine}; PostgreSQL 15 of Debian.
What each line means is in [backups.md](backups.md). Damages are single bits, cuts, zeroed and swapped blocks, lost and added bytes; harmless ones
restored the very same database by the text of the whole dump.

\`\`\`text
${lines.join("\n")}
\`\`\`
`;
}
