import type { LedgerPorts } from "@nightshift/aws/ledger/index";
import { type TaskDefinitionArn, taskDefinitionArn } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { overlayLedger } from "./overlay-ledger.ts";
import { type ReadableBackups, unbacked } from "./unbacked.ts";
import { type ReadableFleet, unscaled } from "./unscaled.ts";

/** A call that was not made. */
export interface UnmadeCall {
  /** `ecs:UpdateService`. */
  readonly operation: string;
  readonly on: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a rehearsal reads from: production's reading ports, and a ledger where there is one. */
export type Readable = Pick<World, "clock" | "services" | "taskDefinitions" | "targets" | "metrics" | "alarms" | "logs" | "images" | "probes"> &
  ReadableFleet &
  ReadableBackups &
  Partial<LedgerPorts>;

/** A world in which everything can be seen and nothing can be changed. */
export interface Rehearsal {
  readonly world: World;
  /** Calls to production that would have been made, in order. */
  readonly calls: UnmadeCall[];
  /** Functions that would have been started. */
  readonly started: { readonly automation: string; readonly name: string; readonly input: unknown }[];
}

/** A Slack that takes everything and shows it to nobody. */
const silentSlack: Pick<World, "chat" | "rooms" | "files" | "directory" | "replies"> = {
  chat: { post: async () => "", update: async () => {}, find: async () => undefined },
  rooms: { create: async () => "", invite: async () => {}, topic: async () => {}, bookmark: async () => {}, pin: async () => {} },
  files: { upload: async () => "" },
  directory: {
    groupMembers: async () => [],
    user: async (id) => ({ id, team: undefined, guest: false, bot: false, gone: false }),
    directMessage: async () => "",
    whoAmI: async () => ({ team: "", user: "" }),
  },
  replies: { respond: async () => {}, ephemeral: async () => {} },
};

/** Puts recorders in the place of every port that changes something: a dry run is another implementation, never an `if`. */
export function rehearsalOf(readable: Readable): Rehearsal {
  const calls: UnmadeCall[] = [];
  const started: Rehearsal["started"] = [];
  const note = (operation: string, on: string, input: UnmadeCall["input"]): void => void calls.push({ operation, on, input });
  return {
    calls,
    started,
    world: {
      ...readable,
      ...overlayLedger(readable),
      ...unscaled(readable, note),
      ...unbacked(readable, note),
      // A copy that was never registered is what registering it would have made.
      taskDefinitions: { describe: async (arn) => (isCopy(arn) ? { arn, active: true, pinned: true } : readable.taskDefinitions.describe(arn)) },
      rollbacks: {
        stopDeployment: async (arn) => {
          note("ecs:StopServiceDeployment", arn, { serviceDeploymentArn: arn, stopType: "ROLLBACK" });
          return "accepted";
        },
        redeploy: async (ref, taskDefinition) =>
          note("ecs:UpdateService", `${ref.cluster}/${ref.service}`, { cluster: ref.cluster, service: ref.service, taskDefinition }),
        registerPinned: async (identity) => {
          const images = identity.images.map(({ container, image, digest }) => ({ container, image, digest }));
          note("ecs:RegisterTaskDefinition", identity.taskDefinition, { copyOf: identity.taskDefinition, images });
          return copyOf(identity.taskDefinition);
        },
      },
      evidence: { save: async (key) => ({ key, sha256: "" }), savePicture: async (key) => ({ key, sha256: "" }), picture: async () => new Uint8Array() },
      charts: { draw: async () => new Uint8Array() },
      outbox: { nudge: async () => {} },
      ...silentSlack,
      pages: { page: async () => {} },
      deadLetters: { send: async () => {} },
      starter: {
        start: async (automation, name, input) => void started.push({ automation, name, input }),
        wake: async () => {},
      },
    },
  };
}

const COPY = " (pinned copy)";
const copyOf = (arn: TaskDefinitionArn): TaskDefinitionArn => taskDefinitionArn(`${arn}${COPY}`);
/** Whether this is a copy that a rehearsal only pretended to register. */
export const isCopy = (arn: TaskDefinitionArn): boolean => arn.endsWith(COPY);
