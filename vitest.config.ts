import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** What takes minutes begins first, or one core would wait for it at the end: vitest alone goes by the size of the files, and a sweep is a short file. */
const longest = ["test/scenarios/scenarios.", "test/scenarios/crash-sweep", "test/scenarios/fault-sweep", "test/guards/", "test/scenarios/"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.includes(name));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * `npm test`: everything that needs neither SST's platform (vitest.stacks.config.ts) nor moto (vitest.moto.config.ts) nor brokers
 * (vitest.brokers.config.ts) nor PostgreSQL (vitest.postgres.config.ts).
 */
const exclude = ["**/node_modules/**", "test/stacks/**", "test/moto/**", "test/browser/**", "test/brokers/**", "test/postgres/**", "**/*.moto.test.ts"];
// A seed, a virtual clock and loopback only: a test that takes this long waits for something it should not.
const testTimeout = 20_000;
/** What keeps no state in a module (style, 22): one process plays many of its files, since to load everything anew takes longer than most of them. */
const shared = [
  "events",
  "functions",
  "packages/aws",
  "packages/brokers",
  "packages/config",
  "packages/decide",
  "packages/lab",
  "packages/model",
  "packages/runtime",
  "packages/slack",
  "packages/vault",
  "test/backups",
  "test/contract",
  "test/models",
  "test/scaling",
  "test/war-rooms",
];

export default defineConfig({
  test: {
    // Two cores are common, and vitest alone would leave one of them idle.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: "shared", isolate: false, include: shared.map((folder) => `${folder}/**/*.test.ts`), exclude, testTimeout } },
      {
        // Whole programs: they set variables, listen on ports, start processes.
        test: {
          name: "apart",
          include: ["packages/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [...exclude, ...shared.map((folder) => `${folder}/**`)],
          testTimeout,
        },
      },
    ],
  },
});
