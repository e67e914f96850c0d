import { writeFile } from "node:fs/promises";
import path from "node:path";
import { surveyAccount, type SurveyedService } from "@nightshift/aws/account-survey";
import { type Command, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";
import { accountOf, accountOptions } from "../place/account.ts";
import type { Place } from "../place/place.ts";

/** Writes a config from what runs in an account. Reads only; starts in shadow mode. */
export const init = (place: Place): Command => ({
  path: ["init"],
  group: "Set it up",
  summary: "Write a config from your account (read only)",
  more: ["Lists the region's ECS services and the load balancers in front of them. Everything starts in shadow mode: said, not done."],
  options: {
    cluster: { type: "text", value: "NAME", says: "only this cluster" },
    out: { type: "text", value: "FILE", says: "where to write it; an existing file is never overwritten", default: "nightshift.config.ts" },
    ...accountOptions,
  },
  example: "npx nightshift init --cluster prod --out shop.config.ts",
  exits: { 1: "AWS refused or did not answer" },
  run: async (asked) => {
    const { reach, region } = accountOf(place, asked);
    asked.io.progress(`reading ECS services in ${region} …`);
    const all = await surveyAccount(reach);
    asked.io.progress(undefined);
    const wanted = textOf(asked, "cluster");
    const found = wanted === undefined ? all : all.filter((service) => service.cluster === wanted);
    if (found.length === 0) throw nothing(all, wanted, region);
    const out = textOf(asked, "out") ?? "nightshift.config.ts";
    await writeNew(path.resolve(place.directory, out), out, configText(found, region));
    const guarded = found.filter((service) => service.unusual === undefined).length;
    answer(asked, { file: out, region, services: found }, [
      `Wrote ${out}: ${guarded} of ${found.length} services of ${region}, in shadow mode. Nothing in the account was changed.`,
      `Next: npx nightshift config check ${out}, then npx nightshift guard doctor --config ${out}`,
    ]);
    return 0;
  },
});

function nothing(all: readonly SurveyedService[], wanted: string | undefined, region: string): Refusal {
  if (wanted === undefined || all.length === 0)
    return new Refusal(`There is no ECS service in ${region}, so nothing was written. Pass --region for another region.`);
  const clusters = [...new Set(all.map((service) => service.cluster))];
  const close = nearest(wanted, clusters);
  return new Refusal(
    `There is no ECS service in the cluster "${wanted}" in ${region}${close === undefined ? "" : `; did you mean "${close}"?`} Nothing was written. Clusters with services: ${clusters.join(", ")}.`,
  );
}

/** Creates the file; the flag, not a look before, is what refuses to overwrite. */
async function writeNew(file: string, shown: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") throw new Refusal(`${shown} is there already and was not touched. Choose another file with --out, or move it away.`);
    throw new Refusal(`${shown} could not be written: ${error instanceof Error ? error.message : String(error)}. Choose another file with --out.`);
  }
}

/** The config as a person would write it, with what to decide next beside each line. */
export function configText(services: readonly SurveyedService[], region: string): string {
  const guarded = services.filter((service) => service.unusual === undefined);
  const left = services.filter((service) => service.unusual !== undefined);
  const names = new Map<string, number>();
  for (const { name } of guarded) names.set(name, (names.get(name) ?? 0) + 1);
  const unique = guarded.filter(({ name }) => names.get(name) === 1);
  const doubled = guarded.filter(({ name }) => names.get(name) !== 1);
  return [
    'import { defineNightshift, ecs } from "@nightshift/config";',
    "",
    "export default defineNightshift({",
    `  product: ${JSON.stringify(productOf(services))},`,
    '  mode: "shadow", // says what it would do; "ask" and "auto" come later',
    `  region: ${JSON.stringify(region)},`,
    "  services: {",
    ...unique.flatMap(serviceLines),
    ...left.map(({ cluster, name, unusual }) => `    // ${cluster}/${name}: ${unusual}; Nightshift acts on rolling deployments by ECS only`),
    ...doubled.map(
      ({ cluster, name }) => `    // ${cluster}/${name}: the name is used in several clusters; guard it from a config of its own (--cluster ${cluster})`,
    ),
    "  },",
    "});",
    "",
  ].join("\n");
}

function serviceLines({ cluster, name, desired, traffic }: SurveyedService): readonly string[] {
  const about = desired === 0 ? " // desired count is 0" : "";
  if (traffic === undefined) return [`    ${JSON.stringify(name)}: ecs({ cluster: ${JSON.stringify(cluster)} }),${about}`];
  return [
    `    ${JSON.stringify(name)}: ecs({${about}`,
    `      cluster: ${JSON.stringify(cluster)},`,
    "      // group: services of one group roll back together, such as an API and its worker",
    `      traffic: { loadBalancer: ${JSON.stringify(traffic.loadBalancer)}, targetGroup: ${JSON.stringify(traffic.targetGroup)} },`,
    "    }),",
  ];
}

/** The words that all services begin with, or the cluster. */
function productOf(services: readonly SurveyedService[]): string {
  const [first] = services;
  const word = first?.name.split("-")[0] ?? "";
  const shared = word !== "" && services.every((service) => service.name.startsWith(`${word}-`)) ? word : (first?.cluster ?? "");
  const plain = shared
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "product" : plain;
}
