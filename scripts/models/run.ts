// Plays every scenario of the lab and compares each request that the adapters made, and each answer of the lab, with AWS's
// own description of the service (decision 17). `npm run test:models`; exits 1 at a violation, or when a service was not met.
import type { AwsService } from "@nightshift/lab/kernel";
import { runScenario } from "@nightshift/lab/scenario/run";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { botocoreData, readModels } from "./botocore.ts";
import { Tally } from "./tally.ts";
import { backupsTour } from "../../test/models/backups-tour.ts";
import { scalingTour } from "../../test/models/scaling-tour.ts";
import { tour } from "../../test/models/tour.ts";
import { operationsUsed } from "./used.ts";

/** Every service that an adapter calls. */
const called: readonly AwsService[] = [
  "ecs",
  "application-autoscaling",
  "elbv2",
  "cloudwatch",
  "logs",
  "ecr",
  "dynamodb",
  "s3",
  "sns",
  "sqs",
  "lambda",
  "ssm",
  "rds",
  "elasticache",
  "backup",
];

/** The same evenings each time. */
const SEED = 1;

/** Plays everything; every call goes to the tally as it ends. */
async function play(tally: Tally): Promise<void> {
  await tour((call) => tally.call(call, "the tour"));
  await scalingTour((call) => tally.call(call, "the tour of scaling"));
  await backupsTour((call) => tally.call(call, "the tour of backups"));
  for (const scenario of scenarios) {
    const { stage } = await runScenario(scenario, { seed: SEED, tap: (call) => tally.call(call, scenario.name) });
    for (const event of stage.lab.bus.events) if (event["detail-type"] === "ECS Task State Change") tally.taskEvent(event.detail, scenario.name);
  }
}

/** Prints what was compared and found; says whether all is well. */
function report(tally: Tally): boolean {
  for (const service of called)
    for (const [operation, { requests, answers }] of [...(tally.services.get(service) ?? [])].sort(([a], [b]) => a.localeCompare(b)))
      console.log(`${service.padEnd(11)}  ${operation.padEnd(36)}  ${String(requests).padStart(6)} requests  ${String(answers).padStart(6)} answers`);
  console.log(`${"events".padEnd(11)}  ${"ECS Task State Change".padEnd(36)}  ${String(tally.taskEvents).padStart(6)} details`);

  const unmet = called.filter((service) => (tally.services.get(service)?.size ?? 0) === 0);
  const never = operationsUsed().filter((operation) => !tally.operations.has(operation));
  console.log(`never exercised: ${never.join(", ") || "none"}`);
  for (const service of unmet) console.log(`wrong: no call to ${service} was compared`);
  if (tally.taskEvents === 0) console.log("wrong: no task event was compared");
  for (const { violation, where, times } of tally.wrong.values())
    console.log(`wrong: ${violation.path}: expected ${violation.expected}; got ${violation.got} (${times} times, first in ${where})`);
  const calls = [...tally.services.values()].flatMap((operations) => [...operations.values()]);
  const sum = (of: "requests" | "answers"): number => calls.reduce((total, compared) => total + compared[of], 0);
  console.log(
    `${scenarios.length} scenarios, ${tally.operations.size} operations: ${sum("requests")} requests and ${sum("answers")} answers compared, ${tally.wrong.size} kinds of violation`,
  );
  return tally.wrong.size === 0 && unmet.length === 0 && tally.taskEvents > 0;
}

const data = botocoreData();
if (data === undefined) {
  console.error("test:models: AWS's service descriptions come with botocore, which is not here yet: run `npm run test:moto` once (it needs python3 and PyPI)");
  process.exit(1);
}
const tally = new Tally(readModels(data));
await play(tally);
process.exitCode = report(tally) ? 0 : 1;
