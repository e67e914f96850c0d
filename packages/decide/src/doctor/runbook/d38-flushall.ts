import { perLine } from "./check.ts";

/** Where Redis is also the broker, flushing it deletes every waiting job (hazard 20). */
export const flushAll = perLine({
  id: "D38",
  title: "No step empties Redis",
  severity: "danger",
  when: (text) => /\bFLUSH(ALL|DB)\b/i.test(text),
  says: "FLUSHALL empties the broker with the cache: every waiting job is lost",
  remedy: "redis-cli --scan --pattern 'cache:*' | xargs redis-cli unlink   # only the cache's own keys",
});
