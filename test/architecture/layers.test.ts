import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { manifests } from "../../functions/index.ts";

import { cruise } from "../../scripts/cruise.ts";

const root = path.join(import.meta.dirname, "../..");

test("the layers hold, and the tool really looked at the modules", () => {
  const { violations, modules, dependencies } = cruise();
  console.info(`layers: ${modules} modules, ${dependencies} dependencies`);
  expect(violations).toEqual([]);
  expect(modules).toBeGreaterThan(100); // a tool that understands no TypeScript also reports no violation
}, 60_000);

test("planted violations are reported, each by the rule that names it", () => {
  const planted = {
    "packages/model/src/a.ts": "export type A = 1;",
    "packages/aws/src/client.ts": "import type { A } from '../../model/src/a.ts'; export const send = (): A => 1;",
    "packages/aws/src/grants.ts": "import { send } from './client.ts'; export const grants = { send };",
    "packages/decide/src/impure.ts": "import { hash } from 'node:crypto'; export const h = hash;",
    "packages/ports/src/upward.ts": "import type { h } from '../../decide/src/impure.ts'; export type H = typeof h;",
    "packages/cli/src/main.ts": "import { send } from '../../aws/src/client.ts'; export const run = send;",
    "functions/one/automation.ts":
      "import { send } from '../../packages/aws/src/client.ts'; import { two } from '../two/automation.ts'; export const one = [send, two];",
    "functions/two/automation.ts": "export const two = 2;",
    "functions/two/handler.ts":
      "import { send } from '../../packages/aws/src/client.ts'; import { run } from '../../packages/cli/src/main.ts'; export const handler = [send, run];",
    "functions/two/manifest.ts": "import { two } from './automation.ts'; export const manifest = { two };",
    "stacks/index.ts":
      "import { two } from '../functions/two/automation.ts'; import { grants } from '../packages/aws/src/grants.ts'; export const deploy = { two, grants };",
    "packages/model/src/x.ts": "import { y } from './y.ts'; export const x = (): number => y();",
    "packages/model/src/y.ts": "import { x } from './x.ts'; export const y = (): number => x();",
    "packages/model/src/lost.ts": "import { gone } from './gone.ts'; export const lost = gone;",
    "packages/model/src/dead.ts": "export const dead = 1;",
  };
  const tree = mkdtempSync(path.join(tmpdir(), "nightshift-layers-"));
  try {
    for (const [file, text] of Object.entries(planted)) {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    }
    const seen = cruise(tree).violations.map(({ rule, from, to }) => `${from} → ${to}: ${rule}`);
    expect(seen.toSorted()).toEqual([
      "functions/one/automation.ts → functions/two/automation.ts: no automation imports another",
      "functions/one/automation.ts → packages/aws/src/client.ts: functions sees only packages/model, events, packages/decide, packages/ports, packages/runtime",
      "functions/one/automation.ts → packages/aws/src/client.ts: only handlers, the lab and the command line meet the real world",
      "functions/two/handler.ts → packages/cli/src/main.ts: a handler composes: it sees no lab, command line, stack or test",
      "functions/two/manifest.ts → functions/two/automation.ts: a manifest is plain data: types of the model and event patterns",
      "packages/aws/src/grants.ts → packages/aws/src/client.ts: grants are plain data",
      "packages/decide/src/impure.ts → crypto: decisions are pure: no library, not even node:*",
      "packages/model/src/dead.ts → packages/model/src/dead.ts: no dead files",
      "packages/model/src/lost.ts → ./gone.ts: nothing unresolved",
      "packages/model/src/x.ts → packages/model/src/y.ts: no cycles",
      "packages/ports/src/upward.ts → packages/decide/src/impure.ts: packages/ports sees only packages/model",
      "stacks/index.ts → functions/two/automation.ts: stacks read manifests, nothing else of functions",
    ]);
  } finally {
    rmSync(tree, { recursive: true });
  }
}, 60_000);

test("every function's folder is in the list, under its own name", () => {
  const folders = readdirSync(path.join(root, "functions"), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  expect(manifests.map((manifest) => manifest.name).toSorted()).toEqual(folders.toSorted());
});
