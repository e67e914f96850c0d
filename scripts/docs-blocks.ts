import path from "node:path";
import { pathToFileURL } from "node:url";
import { root, runNode } from "./tool.ts";

/** A part of the documentation that code writes: `<!-- generated:NAME -->` … `<!-- /generated:NAME -->`. */
interface Block {
  /** Who knows it. */
  readonly from: string;
  write(): Promise<string>;
}

/** A function of a module, loaded when its block is wanted, so that a missing one is one clear sentence. */
const call = (file: string, name: string): Block => ({
  from: `${name}() of ${file}`,
  async write() {
    const module = (await import(pathToFileURL(path.join(root, file)).href)) as Readonly<Record<string, unknown>>; // modules are looked at below
    const made = module[name];
    if (typeof made !== "function") throw new Error(`${file} exports no function ${name}`);
    const text: unknown = await made();
    if (typeof text !== "string") throw new Error(`${name}() of ${file} did not return text`);
    return text;
  },
});

/** What a command prints. */
const print = (...args: readonly string[]): Block => ({
  from: args.join(" "),
  async write() {
    const { code, said } = await runNode(args, { show: false });
    if (code !== 0) throw new Error(`node ${args.join(" ")} failed: ${said.trim()}`);
    return said.trim();
  },
});

/** Every generated block of the documentation, by the name in its marks. A block that is not listed here fails the check. */
export const blocks: Readonly<Record<string, Block>> = {
  config: call("packages/config/src/reference.ts", "configReferenceMarkdown"),
  decisions: call("packages/decide/src/decide-guard.cases.ts", "decisionTableMarkdown"),
  iam: call("stacks/policy-tables.ts", "iamTableMarkdown"),
  "read-only-policy": call("stacks/policy-tables.ts", "readOnlyPolicyMarkdown"),
  functions: call("stacks/policy-tables.ts", "functionTableMarkdown"),
  events: call("scripts/docs-tables.ts", "eventTableMarkdown"),
  scenarios: call("scripts/docs-tables.ts", "scenarioTableMarkdown"),
  commands: call("scripts/docs-tables.ts", "commandTableMarkdown"),
  verbs: call("scripts/docs-incidents.ts", "verbTableMarkdown"),
  severities: call("scripts/docs-incidents.ts", "severityTableMarkdown"),
  sizes: print("scripts/sizes.ts", "--markdown"),
  "package-weights": call("scripts/docs-weights.ts", "packageWeightsMarkdown"),
  thread: call("scripts/docs-thread.ts", "threadMarkdown"),
  "watch-calls": call("scripts/docs-thread.ts", "watchCallsMarkdown"),
  cost: call("scripts/docs-thread.ts", "costMarkdown"),
  "self-alarms": call("scripts/docs-operations.ts", "selfAlarmTableMarkdown"),
  doctor: call("scripts/docs-operations.ts", "doctorTableMarkdown"),
  "table-policy": call("scripts/docs-operations.ts", "tablePolicyMarkdown"),
};
