import { defineConfig } from "vitest/config";

/** `npm run test:brokers`: real Celery workers on real Redis and RabbitMQ. Most of the time passes in tasks that sleep, so all files run at once. */
export default defineConfig({
  test: { include: ["test/brokers/**/*.test.ts"], testTimeout: 200_000, hookTimeout: 200_000, maxWorkers: 8, maxConcurrency: 10 },
});
