import type { World } from "@nightshift/ports";
import type { Acting, Automation, Leaving, Outcomes } from "./automation.ts";

/** Defines an automation; it only helps the compiler infer, and changes nothing. */
export const automation = <
  Event,
  Settings,
  const Uses extends keyof World,
  Facts,
  Act extends Acting,
  Leave extends Leaving,
  Receipt,
  Outcome extends Outcomes,
>(
  spec: Automation<Event, Settings, Uses, Facts, Act, Leave, Receipt, Outcome>,
): Automation<Event, Settings, Uses, Facts, Act, Leave, Receipt, Outcome> => spec;
