import { describe, it } from "vitest";
import { fleetsContract } from "./fleets.contract.ts";
import { motoFleets, motoTicks } from "./moto-scaling-stage.ts";
import { ticksContract } from "./ticks.contract.ts";

if (process.env["AWS_ENDPOINT_URL"] === undefined) {
  describe("worker scaling on moto", () => {
    it.skip("needs AWS_ENDPOINT_URL; `npm run test:moto` starts moto and sets it", () => undefined);
  });
} else {
  fleetsContract("moto", motoFleets);
  ticksContract("moto", motoTicks);

  describe("what moto 5.2.5 lacks of worker scaling", () => {
    // Over real HTTP in wire.scaling.test.ts, and played to its end in the lab.
    it.skip("ECS UpdateTaskProtection and GetTaskProtection: not implemented; its services start no tasks", () => undefined);
    it.skip("CloudWatch Logs: takes no metrics out of embedded metric format", () => undefined);
  });
}
