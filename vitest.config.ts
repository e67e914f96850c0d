import { defineConfig } from "vitest/config";

/** `npm test`: everything that needs neither SST's platform (vitest.stacks.config.ts) nor moto (vitest.moto.config.ts) nor brokers (vitest.brokers.config.ts). */
export default defineConfig({
  test: {
    // Two cores are common, and vitest alone would leave one of them idle.
    maxWorkers: 2,
    include: ["packages/**/*.test.ts", "events/**/*.test.ts", "functions/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/stacks/**", "test/moto/**", "test/browser/**", "test/brokers/**", "**/*.moto.test.ts"],
    // A seed, a virtual clock and loopback only: a test that takes this long waits for something it should not.
    testTimeout: 20_000,
  },
});
