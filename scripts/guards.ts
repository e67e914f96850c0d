import { guards } from "@nightshift/model/guard-list";
import { surveyGuards } from "./guards-survey.ts";

/** `npm run guards`: every protective line, what it protects, where it stands; then what no guard stands before. Exit code 1 on a name that is not listed or not used. */
const { places, unlisted, unused, kinds } = surveyGuards();

for (const [name, where] of places) {
  const [protects, ...invariants] = guards[name];
  console.log(`${name} (invariant ${invariants.join(", ")}): ${protects}`);
  for (const { file, line } of where) console.log(`    ${file}:${line}`);
}
console.log(`\n${places.size} guards on ${[...places.values()].flat().length} lines`);
for (const { what, count, unguarded } of kinds) {
  console.log(`${what}: ${count - unguarded.length} of ${count} guarded`);
  for (const { file, line, says } of unguarded) console.log(`    not guarded: ${file}:${line} ${says.split("\n")[0] ?? ""}`);
}
for (const { file, line, name } of unlisted) console.error(`${file}:${line}: the guard "${name}" is not in packages/model/src/guard-list.ts`);
for (const name of unused) console.error(`packages/model/src/guard-list.ts: no line is called "${name}"`);
if (unlisted.length + unused.length > 0) process.exitCode = 1;
