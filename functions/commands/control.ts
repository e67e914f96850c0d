import type { ControlState } from "@nightshift/model";
import { changeControl } from "@nightshift/runtime/change-control";
import { card, type On, type Ready } from "./verb.ts";

/** What is done to the control row. */
export interface ControlChange {
  readonly says: string;
  /** What is written, as `--dry-run` prints it. */
  readonly writes: string;
  readonly more?: readonly string[];
  /** The thread's line, where it says more than the answer's first sentence. */
  readonly line?: string;
  /** True: what is so already is so by this very request, which came twice. */
  readonly sets?: true;
  /** Undefined: nothing is to be written, because it is so already. */
  readonly change: (state: ControlState) => ControlState | undefined;
}

/** A hold or a freeze, set or taken back: one conditional write of the one control row. */
export const controlled = ({ world }: On, { says, writes, more = [], line = says, sets, change }: ControlChange): Ready => ({
  kind: "ready",
  does: says,
  calls: [`ledger: replace the control row under its version: ${writes}`],
  tells: [],
  line,
  act: async () => {
    const { written } = await changeControl(world.control, change);
    return { card: card(written || sets === true ? says : `${says} (It was so already.)`, more), changed: written || sets === true };
  },
});

/** `everything`, or the scope's name. */
export const sayScope = (scope: string): string => (scope === "all" ? "everything" : scope);

/** Whether the config knows the scope: a slip would hold nothing. */
export const isScope = ({ groups, databases = [] }: Pick<On, "groups" | "databases">, scope: string): boolean =>
  scope === "all" ||
  databases.some(({ name }) => name === scope) ||
  groups.some((group) => group.group === scope || group.services.some((service) => service.name === scope));
