import type { View } from "./view.ts";

/** What is new between two moments, one line each: for pipes, logs and CI. */
export function newsOf(before: View | undefined, now: View): readonly string[] {
  const lines: string[] = [];
  for (const service of now.services) {
    const serving = sayShares(service);
    const was = before?.services.find((one) => one.name === service.name);
    if (serving !== (was === undefined ? undefined : sayShares(was))) lines.push(`${now.clock}  world   ${service.name} serves ${serving}`);
    const errors = level(service.errors);
    if (errors !== level(was?.errors) && errors !== undefined)
      lines.push(`${now.clock}  world   ${service.name} answers ${service.errors?.toFixed(1)} % of requests with 5xx`);
  }
  for (const call of now.calls.slice(before?.calls.length ?? 0)) lines.push(`${now.clock}  call    ${call.slice(10)}`);
  const known = new Set(before?.thread);
  for (const line of now.thread) if (!known.has(line)) lines.push(`${now.clock}  thread  ${line}`);
  return lines;
}

const sayShares = (service: View["services"][number]): string =>
  service.shares.length === 0 ? "nothing" : service.shares.map(({ revision, share }) => `${revision} ${Math.round(100 * share)} %`).join(", ");

/** Error levels worth a line: calm, raised, bad. */
const level = (errors: number | undefined): string | undefined => (errors === undefined ? undefined : errors < 1 ? "calm" : errors <= 5 ? "raised" : "bad");
