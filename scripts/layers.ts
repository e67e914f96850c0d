import { cruise } from "./cruise.ts";

const { violations, modules, dependencies } = cruise();
for (const { rule, from, to } of violations) console.error(`${from} → ${to}\n    ${rule}`);
console.log(`layers: ${modules} modules, ${dependencies} dependencies, ${violations.length} violations`);
if (violations.length > 0 || modules < 50) process.exitCode = 1;
if (modules < 50) console.error("layers: so few modules mean that the tool did not understand the sources; see test/architecture/layers.test.ts");
