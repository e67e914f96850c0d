/** Who may import whom (docs: design table in CONTRIBUTING). A layer sees itself and what is listed; a rule's name is the sentence to read. */
const layers = {
  "packages/model": [],
  events: ["packages/model"],
  "packages/decide": ["packages/model"],
  "packages/ports": ["packages/model"],
  "packages/config": ["packages/model"],
  // The runtime asks `decide` whether a hold, a lease or a budget stands in the way: those verdicts are pure, too.
  "packages/runtime": ["packages/model", "packages/ports", "packages/decide"],
  "packages/aws": ["packages/model", "packages/ports"],
  "packages/slack": ["packages/model", "packages/ports"],
  "packages/brokers": ["packages/model", "packages/ports"],
  // The runner is a program of its own: it asks `decide` what differs, and talks to PostgreSQL and the store itself.
  "packages/vault": ["packages/model", "packages/decide", "packages/ports"],
  functions: ["packages/model", "events", "packages/decide", "packages/ports", "packages/runtime"],
  "packages/lab": ["packages/(model|ports|events|config|decide|runtime|aws|slack|brokers|vault)", "events", "functions", "nightshift\\.config\\.ts"],
  "packages/cli": ["packages", "events", "functions", "nightshift\\.config\\.ts"],
  stacks: [
    "packages/(model|config)",
    "functions",
    "events/src/patterns\\.ts",
    "packages/(aws/src/(ledger/)?|vault/src/)grants\\.ts",
    "nightshift\\.config\\.ts",
  ],
  "nightshift\\.config\\.ts": ["packages/config"],
};
/** Where each library lives; nobody else may know it. */
const libraries = {
  "^@aws-sdk/": ["packages/aws", "packages/lab", "packages/vault"],
  "^@smithy/": ["packages/aws", "packages/lab", "packages/vault"],
  "^@slack/": ["packages/slack"],
  "^ioredis$": ["packages/brokers"],
  "^amqplib$": ["packages/brokers"],
  "^pg$": ["packages/vault"],
  "^highs$": ["bench"],
  "^@aws/durable-execution-sdk-js$": ["packages/runtime", "packages/lab", "functions/[^/]+/(handler|entry)\\.ts$", "functions/(backup-)?world\\.ts$"],
  "^@aws/durable-execution-sdk-js-testing$": [],
  "^dynalite$": ["packages/lab"],
  "^zod$": ["packages/model", "packages/config", "events"],
  "^vitest$": [],
  // The lab bundles its page when it starts to serve it.
  "^esbuild$": ["scripts", "packages/lab"],
  "^(react|react-dom)(/|$)": ["packages/lab/page"],
  "^echarts(/|$)": ["packages/lab"],
  "^@resvg/": ["packages/lab"],
};

const code = "\\.(ts|mjs)$";
const tests = "(\\.test\\.ts$|^test/|/contract/)";
/** The composition roots: the only place where an automation meets its real world. */
const roots = "^functions/[^/]+/(handler|entry)\\.ts$|^functions/(backup-)?world\\.ts$";
const start = (folder) => `^${folder}${/\.ts$/.test(folder) ? "$" : "/"}`;
const under = (folders) => folders.map(start).join("|");
const say = (folders) => folders.map((folder) => folder.replaceAll("\\", "").replaceAll(/[()?]/g, "")).join(", ");

const layerRules = Object.entries(layers).map(([layer, sees]) => ({
  name: `${say([layer])} sees only ${say(sees) || "itself"}`,
  severity: "error",
  from: { path: start(layer), pathNot: `${tests}|${roots}` },
  to: { path: "^(packages|events|functions|stacks|test|scripts|bench)/|^nightshift\\.config\\.ts$", pathNot: under([layer, ...sees]) },
}));
const libraryRules = Object.entries(libraries).map(([library, homes]) => ({
  name: `${library.replaceAll(/[\^$]/g, "")} belongs to ${say(homes) || "tests"}`,
  severity: "error",
  from: { path: code, pathNot: [tests, ...homes.map((home) => (home.endsWith("$") ? `^${home}` : `^${home}/`))].join("|") },
  to: { path: library.replace("^", "(^|node_modules/)").replace(/\$$/, "(/|$)") },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...libraryRules,
    {
      name: "a handler composes: it sees no lab, command line, stack or test",
      severity: "error",
      from: { path: roots },
      to: { path: "^(packages/(lab|cli)|stacks|test|scripts|bench)/" },
    },
    {
      name: "only handlers, the lab and the command line meet the real world",
      severity: "error",
      from: { path: code, pathNot: `${tests}|${roots}|^packages/(aws|slack|brokers|vault|lab|cli)/|^bench/backup/` },
      to: { path: "^packages/(aws|slack|brokers|vault)/", pathNot: "^packages/(aws/src/(ledger/)?|vault/src/)grants\\.ts$" },
    },
    {
      name: "stacks read manifests, nothing else of functions",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^functions/", pathNot: "^functions/(index|[^/]+/manifest)\\.ts$" },
    },
    {
      name: "a manifest is plain data: types of the model and event patterns",
      severity: "error",
      from: { path: "^functions/[^/]+/manifest\\.ts$" },
      to: { pathNot: "^packages/model/|^events/src/patterns\\.ts$" },
    },
    {
      name: "grants are plain data",
      severity: "error",
      from: { path: "^packages/(aws/src/(ledger/)?|vault/src/)grants\\.ts$" },
      to: { pathNot: "^packages/(model|ports)/|grants?\\.ts$" },
    },
    {
      name: "decisions are pure: no library, not even node:*",
      severity: "error",
      from: { path: "^packages/(decide|model)/", pathNot: tests },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"], pathNot: "^packages/|node_modules/(zod|@nightshift)" },
    },
    {
      name: "ports are interfaces: no library",
      severity: "error",
      from: { path: "^packages/ports/", pathNot: tests },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"], pathNot: "^packages/|node_modules/@nightshift" },
    },
    {
      name: "no automation imports another",
      severity: "error",
      from: { path: "^functions/([^/]+)/" },
      to: { path: "^functions/[^/]+/", pathNot: "^functions/($1|shared)/" },
    },
    { name: "no cycles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    { name: "nothing unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no dead files",
      severity: "error",
      from: { orphan: true, path: code, pathNot: `${tests}|/index\\.ts$|handler\\.ts$|^scripts/|^bench/|^nightshift\\.config` },
      to: {},
    },
  ],
  options: {
    parser: "swc", // under TypeScript 7 the default parser sees no module at all and still says that all is well
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(\\.sst|\\.venv|out|coverage)/" },
    tsConfig: { fileName: `${__dirname}/tsconfig.json` },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
