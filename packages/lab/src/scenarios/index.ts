import type { Scenario } from "../scenario/scenario.ts";
import { healthyBut5xx } from "./healthy-but-5xx.ts";

/** Every scenario, in the order `lab list` shows them. */
export const scenarios: readonly Scenario[] = [healthyBut5xx];
