import type { Blame } from "@nightshift/model";

/** One sign of the blame check. */
export interface Sign {
  readonly points: Blame["signs"][number]["points"];
  /** True: decides the question unless another such sign contradicts it. False: merely fits. */
  readonly settles: boolean;
  readonly says: string;
  /** True: forbids blaming the deployment by signs that merely fit. */
  readonly doubts?: boolean;
  /** A dependency is beyond its mark. */
  readonly inTrouble?: boolean;
}
