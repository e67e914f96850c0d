import { type DeploymentStarted, ecsDeploymentId, epochMs, serviceName } from "@nightshift/model";

/** Reads the input the dispatcher sent. @throws {Error} naming the field: a hand-made input starts nothing. */
export function parseStarted(raw: unknown): DeploymentStarted {
  const field = (name: string): unknown =>
    typeof raw === "object" && raw !== null && name in raw ? Object.entries(raw).find(([key]) => key === name)?.[1] : undefined;
  const text = (name: string): string => {
    const value = field(name);
    if (typeof value !== "string" || value === "")
      throw new Error(
        `guard input: ${name}: expected text, got ${value === undefined || value === "" ? "nothing" : typeof value}. The dispatcher sends it; do not start the guard by hand.`,
      );
    return value;
  };
  const at = field("at");
  if (typeof at !== "number" || !Number.isFinite(at))
    throw new Error(`guard input: at: expected milliseconds since 1970, got ${typeof at}. The dispatcher sends it; do not start the guard by hand.`);
  return { group: text("group"), service: serviceName(text("service")), deployment: ecsDeploymentId(text("deployment")), at: epochMs(at) };
}
