import type { Identity, ServiceDeploymentArn, ServiceRef, TaskDefinitionArn } from "@nightshift/model";

/** What may change production. Each method is safe to repeat. */
export interface Rollbacks {
  /**
   * Asks ECS to stop a deployment that is under way and return to the revision before it.
   * `already`: it is being rolled back or was; `too-late`: it finished, so `redeploy` is the way.
   */
  stopDeployment(arn: ServiceDeploymentArn): Promise<"accepted" | "already" | "too-late">;
  /** Puts a task definition back; sends nothing else, above all no desired count. The caller has re-read the service just before. */
  redeploy(ref: ServiceRef, taskDefinition: TaskDefinitionArn): Promise<void>;
  /** Registers a copy of `identity`'s task definition with every image named by digest; returns the same copy when asked again with the same key. */
  registerPinned(identity: Identity, key: string): Promise<TaskDefinitionArn>;
}

/** Where evidence outlives the tasks it came from. */
export interface Evidence {
  /** Stores redacted text under a key; storing the same key again replaces it. Returns its SHA-256. */
  save(key: string, text: string): Promise<{ readonly key: string; readonly sha256: string }>;
  /** Stores a PNG under a key; the same key again replaces it. */
  savePicture(key: string, png: Uint8Array): Promise<{ readonly key: string; readonly sha256: string }>;
  /** The bytes of a picture that was saved. @throws {PortError} `not-found`. */
  picture(key: string): Promise<Uint8Array>;
}
