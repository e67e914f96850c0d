import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The long ones first, so that nothing is waited for alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => (moduleId.includes("scale-in") ? 0 : moduleId.includes("rabbit") ? 1 : 2);
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** `npm run test:brokers`: real Celery workers on real Redis and RabbitMQ. Most of the time passes in tasks that sleep, so several files run at once. */
export default defineConfig({
  test: {
    include: ["test/brokers/**/*.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 4,
    maxConcurrency: 6,
    sequence: { sequencer: LongestFirst },
  },
});
