import { InvokeCommand } from "@aws-sdk/client-lambda";
import { type NightshiftConfig, resolveChecked } from "@nightshift/config";
import { loadAdapters } from "@nightshift/lab/connections";
import { beginScenario } from "@nightshift/lab/scenario/begin";
import { toldIn } from "@nightshift/lab/scenario/row";
import { scenario } from "@nightshift/lab/scenario/scenario";
import { DATABASE, databases, type DatabasesOptions } from "@nightshift/lab/scenarios/databases";
import { type BackupRecord, epochMs, type EpochMs, minutes, ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { acceptedCalls, linesSaid, whispered } from "./read-stage.ts";

/** A moment of the story's first day. */
export const at = (hour: number, minute = 0): EpochMs => epochMs(Date.UTC(2026, 2, 16, hour, minute));

/** The shop of `scenarios/databases.ts` at 03:00, with Nightshift installed. */
export async function backupStage(options: DatabasesOptions & { readonly seed?: number } = {}) {
  await loadAdapters();
  const configs: NightshiftConfig[] = [];
  const story = scenario({
    name: "backups",
    title: "A night of the shop",
    source: "issue 5",
    before: (stage) => {
      const config = databases(stage, options);
      configs.push(config);
      return config;
    },
    plot: () => {},
    lasts: minutes(1),
    expected: { verdict: "none", toBlame: false, serves: {}, tells: [] },
  });
  const { stage, installed } = beginScenario(story, { seed: options.seed ?? 1 });
  const { lab, world } = stage;
  const person: World = installed.asPerson("ana");
  return {
    lab,
    world,
    stage,
    person,
    /** What its config says of backups. */
    settings: () => {
      const [config] = configs;
      if (config === undefined) throw new Error("the stage was never built");
      return resolveChecked(config).backups;
    },
    /** Everything that was said in Slack. */
    told: () => toldIn(stage),
    /** What everybody reads, line by line: {@link linesSaid}. */
    lines: () => linesSaid(lab),
    /** What only this person reads. */
    whispered: (user: string) => whispered(lab, user),
    /** What was changed in the account: {@link acceptedCalls}. */
    calls: () => acceptedCalls(lab),
    /** Somebody writes `/ops …` at this moment; the clock stands right after it was answered. */
    slash: async (user: string, when: EpochMs, text: string): Promise<void> => {
      await lab.runUntil(when);
      stage.slash(user, ms(0), text);
      await lab.runUntil(epochMs(when + 20_000));
    },
    /** What the ledger holds of it, oldest first. */
    rows: (of: string = DATABASE): Promise<readonly BackupRecord[]> => lab.run(() => person.backupBook.all(of)),
    /** Starts a durable function as the dispatcher does. */
    start: (automation: string, input: object): Promise<void> =>
      lab.run(async () => {
        const client = lab.client("lambda", "test");
        const FunctionName = `arn:aws:lambda:${lab.kernel.region}:${lab.kernel.accountId}:function:${automation}:1`;
        await client.send(
          new InvokeCommand({
            FunctionName,
            InvocationType: "Event",
            DurableExecutionName: `${automation}-${Object.values(input).join("-")}`.slice(0, 64),
            Payload: JSON.stringify(input),
          }),
        );
      }),
    /** Lets things happen up to this time of the first day. */
    until: (hour: number, minute = 0): Promise<void> => lab.runUntil(at(hour, minute)),
  };
}
