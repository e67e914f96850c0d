import type { ControlState } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";

/** Tries to write the control row before giving way to whoever keeps changing it. */
const ATTEMPTS = 5;

/** What a change of the control row came to: the row as it stands now, and whether anything had to be written. */
export interface ControlChanged {
  readonly state: ControlState;
  readonly written: boolean;
}

/** Writes what `change` makes of the control row, under its version; undefined from `change` leaves it as it is. @throws {PortError} when others keep changing it. */
export async function changeControl(control: World["control"], change: (state: ControlState) => ControlState | undefined): Promise<ControlChanged> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const state = await control.read();
    const next = change(state);
    if (next === undefined) return { state, written: false };
    if (await control.replace(next)) return { state: next, written: true };
  }
  throw new PortError("throttled", "control:replace", "the control row", `somebody else changed it ${ATTEMPTS} times meanwhile; nothing was changed`);
}
