import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { azureHalf, type TokenRequest, worldCup } from "@nightshift/lab/flow/workloads/trace";
import type { Workload } from "@nightshift/lab/flow/workload";

/** Public traces that are used, where they can be had, and under which licence. They stay outside the repository (decision 47). */
export const traceSources = [
  'World Cup 1998 web site, requests a minute: M. Arlitt and T. Jin, "1998 World Cup Web Site Access Logs", August 1998, Internet Traffic Archive (https://ita.ee.lbl.gov/html/contrib/WorldCup.html); copyright Hewlett-Packard, freely usable and redistributable with this notice',
  "Azure LLM inference 2023 (code): https://github.com/Azure/AzurePublicDataset, Microsoft, CC-BY 4.0",
] as const;

const files = { 10: "worldcup98-1998-06-10.csv", 23: "worldcup98-1998-06-23.csv", 30: "worldcup98-1998-06-30.csv", azure: "azure-llm-2023-code.csv" } as const;

/** Tuned on: 30 June and the first half hour of Azure. Undefined: a file is not in the folder. */
export function tuningTraces(folder: string): ((seed: number) => readonly Workload[]) | undefined {
  const read = readTraces(folder);
  return read && ((seed) => [worldCup("wc98-30-june", read.june30, seed), azureHalf("azure-first-half", read.azure, "first")]);
}

/** Reported: 10 and 23 June and the last half hour of Azure, which nobody tuned on. */
export function reportedTraces(folder: string): ((seed: number) => readonly Workload[]) | undefined {
  const read = readTraces(folder);
  return (
    read &&
    ((seed) => [worldCup("wc98-10-june", read.june10, seed), worldCup("wc98-23-june", read.june23, seed), azureHalf("azure-last-half", read.azure, "last")])
  );
}

interface Traces {
  readonly june10: readonly number[];
  readonly june23: readonly number[];
  readonly june30: readonly number[];
  readonly azure: readonly TokenRequest[];
}

function readTraces(folder: string): Traces | undefined {
  if (!Object.values(files).every((file) => existsSync(path.join(folder, file)))) return undefined;
  const lines = (file: string): readonly string[] => readFileSync(path.join(folder, file), "utf8").trim().split("\n").slice(1);
  const counts = (file: string): readonly number[] => lines(file).map((line) => Number(line.split(",")[1]));
  const requests = lines(files.azure).map((line) => {
    const [at = "", context, generated] = line.trim().split(",");
    // Seven digits of a second are more than a Date reads: three are kept.
    return { at: Date.parse(`${at.slice(0, 23).replace(" ", "T")}Z`), context: Number(context), generated: Number(generated) };
  });
  const first = requests[0]?.at ?? 0;
  return { june10: counts(files[10]), june23: counts(files[23]), june30: counts(files[30]), azure: requests.map((one) => ({ ...one, at: one.at - first })) };
}
