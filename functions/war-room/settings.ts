import type { Evidenced, GuardSettings, Incident, IncidentPolicy } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { RoomFacts } from "@nightshift/decide/incidents/duties";
import type { manifest } from "./manifest.ts";

/** The ports the war room's manifest lists. */
export type RoomPorts = (typeof manifest)["uses"][number];
/** The part of the world a war room sees. */
export type RoomWorld = Pick<World, RoomPorts>;

/** What a war room is run by. */
export interface RoomSettings {
  readonly policy: IncidentPolicy;
  readonly groups: readonly GuardSettings[];
}

/** Which incident, and which of the executions that accompany it one after another. */
export interface RoomInput {
  readonly incident: string;
  readonly part: number;
}

/** What one look sees. */
export interface RoomSeen {
  readonly incident: Incident;
  readonly facts: RoomFacts;
}

/** What came of a duty. */
export type Done =
  | { readonly kind: "said" }
  /** `loud`: it could not be made, and people should know. */
  | { readonly kind: "called"; readonly text: string; readonly loud: boolean }
  | { readonly kind: "room"; readonly channel: string; readonly name: string; readonly lacks: readonly string[] }
  /** `lacks`: why it is not there. */
  | { readonly kind: "furnished"; readonly lacks: string | undefined }
  | { readonly kind: "no-room"; readonly because: string }
  | { readonly kind: "evidence"; readonly pieces: readonly Evidenced[] }
  | { readonly kind: "post-mortem"; readonly location: string };
