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
export default defineConfig({
  test: {
    // Two cores are common, and vitest alone would leave one of them idle.
    maxWorkers: 2,
    // Each file in a process of its own would load everything anew, which takes longer than most files. Nothing of ours keeps state in a
    // module (style, 22), so that one process may play many files; what leaks from one test into another is a bug of either.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    include: ["packages/**/*.test.ts", "events/**/*.test.ts", "functions/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/stacks/**", "test/moto/**", "test/browser/**", "test/brokers/**", "test/postgres/**", "**/*.moto.test.ts"],
    // A seed, a virtual clock and loopback only: a test that takes this long waits for something it should not.
    testTimeout: 20_000,
  },
});
