import { type Ms, minutes } from "@nightshift/model";
import type { Behaviour } from "../behaviour.ts";

/**
 * Slower and slower in the last third before the kernel kills the process at `killedAt`; the replacement starts over.
 * The container's reason as ECS reports it ("How do I troubleshoot OutOfMemory errors in Amazon ECS?", repost.aws/knowledge-center/ecs-resolve-outofmemory-errors, read 2026-11-21); exit code 137 is 128 + SIGKILL.
 */
export function memoryLeak(how: { readonly killedAt: Ms } = { killedAt: minutes(20) }): Behaviour {
  const pressure = (sinceStart: Ms): number => Math.max(0, Math.min(1, (sinceStart / how.killedAt - 0.66) / 0.34));
  return {
    name: "memory-leak",
    serve: (at) => {
      const pressed = pressure(at.sinceStart);
      return { errorShare: Math.min(1, at.base.errorShare + 0.25 * pressed), p50: at.base.p50 * (1 + 12 * pressed), p99: at.base.p99 * (1 + 12 * pressed) };
    },
    death: () => ({
      after: how.killedAt,
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
      lastWords: ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"],
    }),
    complaint: "WARN garbage collection took 1900 ms",
  };
}
