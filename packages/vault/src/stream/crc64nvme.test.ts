import { Crc64Nvme } from "@aws-sdk/crc64-nvme";
import fc from "fast-check";
import { expect, it } from "vitest";
import { crc64nvme, crcFromBase64, crcToBase64, joinCrc64nvme } from "./crc64nvme.ts";

it("the check value of the standard comes out", () => {
  expect(crc64nvme(Buffer.from("123456789"))).toBe("ae8b14860a799888");
});

it("nothing at all has the CRC zero", () => {
  expect(crc64nvme(Buffer.alloc(0))).toBe("0000000000000000");
});

it("any bytes have the CRC that the AWS SDK finds, whole or carried on from piece to piece", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 140_000 }), fc.nat(300), async (bytes, more, cut) => {
      const all = Buffer.concat([bytes, Buffer.alloc(more, 7), bytes]);
      const sdk = new Crc64Nvme();
      sdk.update(all);
      const wanted = Buffer.from(await sdk.digest()).toString("hex");
      expect(crc64nvme(all)).toBe(wanted);
      const [first, second] = [all.subarray(0, cut), all.subarray(cut)];
      expect(crc64nvme(second, crc64nvme(first))).toBe(wanted);
      expect(joinCrc64nvme(crc64nvme(first), crc64nvme(second), second.length)).toBe(wanted);
    }),
    { seed: 64, numRuns: 60 },
  );
});

it("a CRC goes into S3's header and comes back", () => {
  expect(crcToBase64("ae8b14860a799888")).toBe("rosUhgp5mIg=");
  expect(crcFromBase64("rosUhgp5mIg=")).toBe("ae8b14860a799888");
});
