import { runNode, tools } from "./tool.ts";

/**
 * `npm test [FILTER…]`: unit, contract and scenario tests. With NIGHTSHIFT_COUNTS=FILE the counts are also written there as JSON.
 */
const counts = process.env.NIGHTSHIFT_COUNTS;
const reporters = counts === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${counts}`];
const { code } = await runNode([tools.vitest, "run", ...reporters, ...process.argv.slice(2)], { show: true });
console.log("skipped here: stack tests (`npm run test:stacks`: downloads SST's platform, 320 MB, once)");
console.log("skipped here: adapter contracts against moto (`npm run test:moto`: makes a Python virtual environment, once)");
console.log("skipped here: the lab's page in a browser (`npm run test:browser`: needs Chromium)");
console.log("skipped here: Celery workers on real Redis and RabbitMQ (`npm run test:brokers`: installs Debian's packages as root, and Celery from PyPI, once)");
console.log("skipped here: backups of real PostgreSQL servers (`npm run test:postgres`: installs Debian's packages as root, once)");
process.exitCode = code;
