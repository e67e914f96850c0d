import { readFileSync } from "node:fs";

/** Names of each baseline's single setting, as tuning wrote them. */
export function readChosen(): readonly string[] {
  const { chosen }: { readonly chosen: readonly { readonly policy: string }[] } = JSON.parse(readFileSync(new URL("./chosen.json", import.meta.url), "utf8"));
  return chosen.map(({ policy }) => policy);
}
