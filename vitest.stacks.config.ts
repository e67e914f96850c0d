import { defineConfig } from "vitest/config";

/** `npm run test:stacks`: the real SST components under Pulumi mocks. Needs `.sst/platform`, which `npm run sst:install` puts there once. */
export default defineConfig({
  test: { include: ["test/stacks/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 },
});
