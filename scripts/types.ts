import { runNode, tools } from "./tool.ts";

/** `npm run types`: everything that runs in Node, then the lab's page, which knows a browser instead. */
let failed = 0;
for (const project of ["tsconfig.json", "packages/lab/page/tsconfig.json"]) {
  const { code } = await runNode([tools.tsc, "-p", project], { show: true });
  failed += code;
}
process.exitCode = failed === 0 ? 0 : 1;
