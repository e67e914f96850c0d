import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { guards } from "@nightshift/model/guard-list";
import type { GuardName } from "@nightshift/model/guards";
import { root } from "./tool.ts";

/** One line of the sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Lines of one kind: how many there are, and which of them no guard stands before. */
export interface Kind {
  readonly what: string;
  readonly count: number;
  readonly unguarded: readonly (Place & { readonly says: string })[];
}

/** What the sources say about protective lines (decision 33). */
export interface Survey {
  readonly places: ReadonlyMap<GuardName, readonly Place[]>;
  readonly unlisted: readonly (Place & { readonly name: string })[];
  readonly unused: readonly GuardName[];
  readonly kinds: readonly Kind[];
}

/** Writes through the ports that may happen twice, and the guard that makes the second one harmless; `none` where no line of ours does. */
const keyed: Readonly<Record<string, GuardName | "none">> = {
  "approvals.answer": "approval is single use",
  "approvals.ask": "approval is asked once",
  "audit.append": "audit record is kept once",
  "backupBook.replace": "backup row is as it was read",
  "backupBook.sample": "none",
  "backupPruning.point": "none",
  "backupPruning.record": "none",
  "backupPruning.remove": "none",
  "budgets.replace": "send budget is as it was read",
  "cacheBackups.delete": "only our own snapshot is deleted",
  "cacheBackups.take": "a foreign snapshot is not taken for ours",
  "chat.post": "lost message is looked for",
  "chat.update": "header is refreshed once",
  "claims.claim": "work is claimed once",
  "configurationCopies.keep": "a copy of the configuration is never written over",
  "control.replace": "control row is as it was read",
  "deadLetters.send": "none",
  "deliveries.begin": "sent stays sent",
  "deliveries.settle": "only what was begun is settled",
  "evidence.save": "none",
  "evidence.savePicture": "none",
  "files.upload": "picture is shown at most once",
  "groups.noteOpened": "none",
  "groups.point": "one incident a group",
  "heartbeats.answered": "none",
  "heartbeats.beat": "none",
  "incidentAlarms.replace": "alarms are as they were read",
  "incidents.open": "incident opens once",
  "incidents.say": "line is said once",
  "media.putCanary": "only a canary is written to media",
  "nonces.spend": "request is taken once",
  "onCall.override": "hand-over is entered once",
  "outbox.nudge": "none",
  "pages.page": "page once",
  "plans.keep": "plan is kept once",
  "recoveryGauges.publish": "none",
  "restores.delete": "only a database made for verification is deleted",
  "restores.restore": "a foreign database is not taken for ours",
  "restoreTests.answer": "none",
  "revisions.grade": "newer grade stands",
  "revisions.pin": "graded revision exists",
  "revisions.see": "revision is entered once",
  "rollbacks.redeploy": "plan's deployment is still the newest",
  "rollbacks.registerPinned": "a copy is registered once",
  "rollbacks.stopDeployment": "plan's deployment is still the newest",
  "runners.start": "a runner is started once",
  "runners.stop": "none",
  "silences.add": "silence is set once",
  "silences.end": "silence ends once",
  "scalingBook.record": "scaling decision is kept once",
  "scalingBook.replace": "scaling state is as it was read",
  "signals.alarm": "late alarm changes nothing",
  "signals.change": "change note is kept once",
  "snapshotPruning.delete": "only our own snapshot is deleted",
  "snapshotTaking.copy": "a foreign snapshot is not taken for ours",
  "snapshotTaking.take": "a foreign snapshot is not taken for ours",
  "starter.start": "execution is started once",
  "tableBackups.delete": "none",
  "tableBackups.take": "a table's backup is taken once",
  "tuples.add": "good tuple is added once",
  "wakes.wait": "none",
  "watches.replace": "watch row is as it was read",
};

interface Source {
  readonly file: string;
  readonly text: string;
}

/** Reads what is shipped: no tests, no lab, no tool. */
export function surveyGuards(): Survey {
  const shipped = globSync("{packages/{model,decide,runtime,aws,slack,vault}/src,functions,events/src}/**/*.ts", { cwd: root }).filter(
    (file) => !/\.test\.ts$|\.fixture\.ts$|\.cases|\.rows\.ts$|\/fixtures\.ts$|\/testing\//.test(file),
  );
  const sources = shipped.toSorted().map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
  const used = sources.filter(({ text }) => text.includes('"@nightshift/model/guards"')).flatMap(uses);
  const names = Object.keys(guards).filter(isListed);
  return {
    places: new Map(names.map((name) => [name, used.filter((one) => one.name === name)])),
    unlisted: used.filter((one) => !isListed(one.name)),
    unused: names.filter((name) => !used.some((one) => one.name === name)),
    kinds: [conditionalWrites(sources), holdChecks(sources), keyedWrites(sources, new Set(used.map((one) => one.name)))],
  };
}

const isListed = (name: string): name is GuardName => Object.hasOwn(guards, name);

const uses = (source: Source): readonly (Place & { readonly name: string })[] =>
  found(source, /\bguard(?:ed)?\(\s*"([^"]+)"/g).map(({ line, match }) => ({ file: source.file, line, name: match[1] ?? "" }));

/** Writes of the two tables. A condition handed in by the caller counts at the caller. */
function conditionalWrites(sources: readonly Source[]): Kind {
  const ledger = sources.filter(({ file }) => file.startsWith("packages/aws/src/ledger/") && !file.endsWith("/table.ts"));
  const writes = ledger.flatMap((source) =>
    found(source, /\b(?:ledger|table)\.(?:put|update)\(|(?<!function )\bchange\(\s*\{ ledger/g)
      .map((one) => ({ file: source.file, line: one.line, says: argumentsFrom(source.text, one.match.index) }))
      .filter(({ says }) => !/, condition$/.test(says)),
  );
  return { what: "writes of the ledger and the audit", count: writes.length, unguarded: writes.filter(({ says }) => !says.includes("guarded(")) };
}

function holdChecks(sources: readonly Source[]): Kind {
  // A runner holds a database's snapshot, which is no hold on automation.
  const hearsHolds = sources.filter(({ file }) => !file.startsWith("packages/vault/"));
  const checks = hearsHolds.flatMap((source) =>
    found(source, /^.*\bheld(?:Because)? [!=]== undefined.*$/gm).map(({ line, match }) => ({ file: source.file, line, says: match[0].trim() })),
  );
  return { what: "checks for a hold", count: checks.length, unguarded: checks.filter(({ says }) => !says.includes('guard("hold ')) };
}

/** Calls of ports that change something, each with what keeps its second time harmless. */
function keyedWrites(sources: readonly Source[], usedNames: ReadonlySet<string>): Kind {
  const calls = sources
    .filter(({ file }) => /^(?:functions|packages\/runtime)\//.test(file))
    .flatMap((source) =>
      found(source, /(?<![\w.])(?:world\.)?(\w+\.\w+)\(/g).flatMap(({ line, match }) => {
        const guardedBy = keyed[match[1] ?? ""];
        return guardedBy === undefined ? [] : [{ file: source.file, line, says: match[1] ?? "", guardedBy }];
      }),
    );
  return { what: "writes that must be harmless the second time", count: calls.length, unguarded: calls.filter(({ guardedBy }) => !usedNames.has(guardedBy)) };
}

const found = ({ text }: Source, pattern: RegExp): readonly { readonly line: number; readonly match: RegExpExecArray }[] =>
  [...text.matchAll(pattern)].map((match) => ({ line: text.slice(0, match.index).split("\n").length, match }));

/** What stands between the first parenthesis after `from` and its partner; parentheses in texts come in pairs here. */
function argumentsFrom(text: string, from: number): string {
  const start = text.indexOf("(", from);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")") depth--;
    if (depth === 0) return text.slice(start + 1, at);
  }
  return text.slice(start + 1);
}
