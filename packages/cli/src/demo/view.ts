import { printable } from "../frame/terminal.ts";
import { linesOf } from "@nightshift/lab/slack/read";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { sayClock, shortRevision, taskDefinitionArn } from "@nightshift/model";

/** What a person watching the demo sees at one moment. */
export interface View {
  readonly clock: string;
  readonly services: readonly ServiceView[];
  /** Newest calls of the guard that change or move something, newest last. */
  readonly calls: readonly string[];
  readonly thread: readonly string[];
}

/** One service at one moment. */
export interface ServiceView {
  readonly name: string;
  /** Share of the traffic by revision, largest first. */
  readonly shares: readonly { readonly revision: string; readonly share: number; readonly bad: boolean }[];
  /** 0–100, of the newest whole minute; undefined for workers. */
  readonly errors: number | undefined;
}

/** Reads the present moment of the simulated account. */
export function viewOf(stage: Stage): View {
  return {
    clock: sayClock(stage.now()),
    services: [...stage.services.keys()].map((name) => serviceView(stage, name)),
    calls: stage.lab.history.flatMap((line) =>
      line.kind === "call" && line.caller === "guard" && line.service === "ecs" && line.mutating
        ? [`${sayClock(line.at)}  ecs:${line.operation} → ${line.result}`]
        : [],
    ),
    thread: threadOf(stage),
  };
}

function serviceView(stage: Stage, name: string): ServiceView {
  const bad = new Set(stage.bad.map((one) => one.digest));
  const shares = [...stage.world.serving(name)].map(([digest, share]) => ({ revision: revisionOf(stage, digest), share, bad: bad.has(digest) }));
  const minutes = stage.world.truth.minutes(name);
  const whole = minutes.at(-2) ?? minutes.at(-1);
  const errors =
    stage.services.get(name)?.traffic === undefined || whole === undefined || whole.requests === 0 ? undefined : (100 * whole.errors) / whole.requests;
  return { name, shares: shares.toSorted((a, b) => b.share - a.share), errors };
}

/** `shop-api:43` for the bytes that a task runs. */
function revisionOf(stage: Stage, digest: string): string {
  const deployed = stage.deployed.find((one) => one.digest === digest);
  const before = [...stage.services.values()].find((one) => one.digest === digest);
  const arn = deployed?.taskDefinition ?? before?.taskDefinition;
  return arn === undefined ? digest.slice(0, 19) : shortRevision(taskDefinitionArn(arn));
}

/** Header and replies of every thread, as Slack shows them. */
export const threadOf = (stage: Stage): readonly string[] =>
  stage.lab.slack.channels.flatMap((channel) => channel.messages.flatMap((message) => [message, ...message.replies].flatMap(linesOf)).map(printable));
