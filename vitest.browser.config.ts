import { defineConfig } from "vitest/config";

/** `npm run test:browser`: the lab's page in a real browser. Needs Chromium, which `scripts/install-chromium.sh` installs on Debian. */
export default defineConfig({
  test: { include: ["test/browser/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
});
