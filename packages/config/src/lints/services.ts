import type { Findings } from "../section.ts";
import { lengthAsCode } from "../units.ts";
import type { LintedConfig } from "./index.ts";

/** Windows end one after the other, and smoke tests can be told apart. */
export function lintServices(config: LintedConfig, findings: Findings): void {
  for (const [name, { windows, smoke }] of Object.entries(config.services)) {
    for (const [earlier, later] of [
      ["hot", "bake"],
      ["bake", "long"],
      ["long", "tail"],
    ] as const) {
      if (windows[earlier] > windows[later]) {
        findings.problem({
          path: `services.${name}.windows.${later}`,
          expected: `at least the end of ${earlier}, ${lengthAsCode(windows[earlier])}`,
          got: lengthAsCode(windows[later]),
          remedy: "all four are counted from exposure: hot ≤ bake ≤ long ≤ tail",
        });
      }
    }
    const names = smoke.map((test) => test.name);
    for (const [index, test] of names.entries()) {
      if (names.indexOf(test) < index)
        findings.problem({
          path: `services.${name}.smoke[${index}].name`,
          expected: "a name of its own",
          got: `"${test}" a second time`,
          remedy: 'name them apart: http(url, { name: "schema" })',
        });
    }
  }
}

const arnPlace = /^arn:aws[a-z-]*:[a-z]+:([^:]*):(\d{12}):/;

/** Everything that is named by ARN lies in the account and region that the config is for. */
export function lintPlaces(config: LintedConfig, findings: Findings): void {
  for (const [name, { cluster, traffic }] of Object.entries(config.services)) {
    const named = [
      ["cluster", cluster],
      ["traffic.loadBalancer", traffic?.loadBalancer],
      ["traffic.targetGroup", traffic?.targetGroup],
    ] as const;
    for (const [setting, arn] of named) {
      const [, region, account] = arnPlace.exec(arn ?? "") ?? [];
      const path = `services.${name}.${setting}`;
      if (account !== undefined && config.account !== undefined && account !== config.account)
        findings.problem({
          path,
          expected: `something in account ${config.account}`,
          got: `account ${account}`,
          remedy: "one config is for one account: mend the ARN, or account",
        });
      if (region !== undefined && config.region !== undefined && region !== config.region)
        findings.problem({ path, expected: `something in ${config.region}`, got: region, remedy: "one config is for one region: mend the ARN, or region" });
    }
  }
}
