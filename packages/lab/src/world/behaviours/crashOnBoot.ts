import { type Ms, seconds } from "@nightshift/model";
import type { Behaviour } from "../behaviour.ts";

/** The process exits shortly after it started, every time. */
export function crashOnBoot(how: { readonly after?: Ms; readonly exitCode?: number; readonly says?: string } = {}): Behaviour {
  const says = how.says ?? "Error: missing environment variable DATABASE_URL";
  return {
    name: "crash-on-boot",
    serve: (at) => ({ ...at.base, errorShare: 1 }),
    healthy: () => false,
    death: () => ({ after: how.after ?? seconds(3), exitCode: how.exitCode ?? 1, lastWords: [says, "    at start (/app/server.js:12:11)"] }),
    jobFailures: () => 1,
  };
}
