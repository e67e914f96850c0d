import { defineConfig } from "vitest/config";

/** The contract suites against moto; `npm run test:moto` starts it and sets AWS_ENDPOINT_URL. */
export default defineConfig({
  test: {
    include: ["test/contract/**/*.moto.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
