import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { reading } from "./reading.ts";

test("an answer is read, a port's error is unknown with its sentence, and a defect of ours is thrown", async () => {
  expect(await reading(async () => 0)).toEqual({ ok: true, value: 0 });
  const refused = new PortError("denied", "ecs:DescribeServices", "shop-worker", "not allowed");
  expect(await reading(() => Promise.reject(refused))).toEqual({ ok: false, because: refused.message });
  await expect(reading(() => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
});
