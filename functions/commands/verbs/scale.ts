import { notInstalled } from "../not-installed.ts";
import type { Carry } from "../verb.ts";

/** Says that scaling is not installed, and what to do instead. */
export const scale: Carry<"scale"> = async ({ service, to }) =>
  notInstalled({
    what: `Scaling ${service} to ${to}`,
    arrives: "worker scaling",
    meanwhile: `aws ecs update-service --service ${service} --desired-count N, or the service's own autoscaling limits.`,
  });
