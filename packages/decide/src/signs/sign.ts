import type { Blame } from "@nightshift/model";

/** One sign of the blame check. */
export interface Sign {
  readonly points: Blame["signs"][number]["points"];
  /** True: decides the question unless another such sign contradicts it. False: merely fits. */
  readonly settles: boolean;
  readonly says: string;
  /** A dependency is beyond its mark. */
  readonly inTrouble?: boolean;
}
