import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { answering, awsError } from "./testing/answering.ts";

const call = { operation: "ecs:DescribeServices", on: "shop/api" };

/** Fails `times` times with this error, then answers. */
function failing(times: number, error: Error): { readonly send: () => Promise<string>; readonly tries: () => number } {
  let tries = 0;
  return {
    send: async () => {
      tries += 1;
      if (tries <= times) throw error;
      return "answer";
    },
    tries: () => tries,
  };
}

describe("reads", () => {
  it("are repeated four times at most, each time waiting up to twice as long", async () => {
    const { reach, waited } = answering({});
    const { send, tries } = failing(4, awsError("ThrottlingException"));
    expect(await reach.calls.read(call, send)).toBe("answer");
    expect(tries()).toBe(5);
    expect(waited).toEqual([150, 300, 600, 1200]);
  });

  it("give the last error after the fifth try", async () => {
    const { reach, waited } = answering({});
    const { send, tries } = failing(5, awsError("ServerException", 500));
    await expect(reach.calls.read(call, send)).rejects.toMatchObject({ kind: "unavailable" });
    expect(tries()).toBe(5);
    expect(waited.length).toBe(4);
  });

  it("are not repeated when repeating cannot help", async () => {
    const { reach } = answering({});
    const { send, tries } = failing(1, awsError("AccessDeniedException"));
    await expect(reach.calls.read(call, send)).rejects.toBeInstanceOf(PortError);
    expect(tries()).toBe(1);
  });
});

describe("changes", () => {
  it("are repeated when AWS refused them for their rate", async () => {
    const { reach } = answering({});
    const { send, tries } = failing(2, awsError("ThrottlingException"));
    expect(await reach.calls.change(call, send)).toBe("answer");
    expect(tries()).toBe(3);
  });

  it("are never repeated when they may have happened", async () => {
    const { reach } = answering({});
    for (const error of [awsError("ServerException", 500), awsError("ServiceUnavailable", 503), Object.assign(new Error("reset"), { code: "ECONNRESET" })]) {
      const { send, tries } = failing(1, error);
      await expect(reach.calls.change(call, send)).rejects.toBeInstanceOf(PortError);
      expect(tries()).toBe(1);
    }
  });
});
