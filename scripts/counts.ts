import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** `counts.ts FAILED_CHECKS FOLDER`: adds up the suites' JSON reports; the last line of `.ci/run`. Exit code 1 on any failure. */
const [failedChecks = "0", folder = "out/counts"] = process.argv.slice(2);

/** The fields of vitest's JSON report that are read. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
const reports = files.map((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Report); // vitest wrote it
const sum = (count: (report: Report) => number): number => reports.reduce((total, report) => total + count(report), 0);

const passed = sum((report) => report.numPassedTests);
const failedTests = sum((report) => report.numFailedTests);
// A check without tests of its own (lint, types, a clone) that failed counts as one failed test, so that the last line tells the truth.
const failed = Math.max(failedTests, Number(failedChecks));
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
console.log(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;
