import type { GuardName } from "@nightshift/model/guards";

/** One promise that rests on some protective lines: kept with them, and broken as soon as they are switched off together. */
export interface GuardCase {
  /** One name: this line alone keeps the promise. Several: each of them keeps it, so only all together break it. */
  readonly off: readonly [GuardName, ...GuardName[]];
  /** What is promised. */
  readonly promise: string;
  /** Whether the promise is kept, asked of the real code. */
  readonly kept: () => boolean | Promise<boolean>;
}
