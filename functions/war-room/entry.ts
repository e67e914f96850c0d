import { type DurableContext, type DurableExecutionClient, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { durableCheckpoints } from "@nightshift/runtime/durable";
import { playRounds } from "@nightshift/runtime/rounds";
import { executionName } from "@nightshift/runtime/start-watch";
import { PortError } from "@nightshift/ports";
import { warRoom } from "./automation.ts";
import type { RoomInput, RoomSettings, RoomWorld } from "./settings.ts";

/** What a war room is connected to: AWS and Slack in production, the simulated ones in the lab. */
export interface RoomConnections extends RoomSettings {
  readonly world: () => RoomWorld;
  /** The lab's durable engine; absent in production, where the SDK talks to Lambda. */
  readonly engine?: DurableExecutionClient;
  /** Operations of one execution; fewer in tests. */
  readonly operations?: number;
}

/** Of the 3,000 that an execution may have. Each wake-up replays all before it, so that a few short executions are quicker than a long one. */
const OPERATIONS = 400;

/** The war room as a Lambda durable function: one execution an incident, and a fresh one each time it grows too long. */
export const roomHandler = ({ world, policy, groups, engine, operations = OPERATIONS }: RoomConnections) =>
  withDurableExecution(
    async (raw: unknown, ctx: DurableContext) => {
      const subject = parseInput(raw);
      const checkpoints = durableCheckpoints(ctx);
      const on = world();
      const ended = await playRounds(warRoom, { subject, settings: { policy, groups }, world: on, checkpoints, limits: { operations } });
      if (ended === "hand-over") await checkpoints.once("hand over to a fresh execution", () => handOver(on, subject));
      return { incident: subject.incident, part: subject.part, ended };
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );

/** The next part has a name and an input of its own, the same at every try: it is started once. */
async function handOver({ starter }: Pick<RoomWorld, "starter">, { incident, part }: RoomInput): Promise<void> {
  const next: RoomInput = { incident, part: part + 1 };
  try {
    await starter.start(warRoom.name, executionName(warRoom.name, `${incident}/part/${next.part}`), next);
  } catch (error) {
    const running = error instanceof PortError && error.kind === "conflict" && error.message.includes("DurableExecutionAlreadyStarted");
    if (!running) throw error;
  }
}

/** @throws for an input that names no incident: whoever started it must be told. */
function parseInput(raw: unknown): RoomInput {
  if (typeof raw !== "object" || raw === null || !("incident" in raw) || typeof raw.incident !== "string" || raw.incident === "")
    throw new Error(`a war room is started with {"incident": "INC-…"}, got ${JSON.stringify(raw)?.slice(0, 200)}`);
  return { incident: raw.incident, part: "part" in raw && typeof raw.part === "number" ? raw.part : 1 };
}
