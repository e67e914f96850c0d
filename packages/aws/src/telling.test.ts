import { describe, expect, it } from "vitest";
import { starterFrom } from "./lambda-starter.ts";
import { evidenceFrom } from "./s3-evidence.ts";
import { deadLettersFrom } from "./sqs-dead-letters.ts";
import { answering, awsError } from "./testing/answering.ts";

describe("evidence", () => {
  it("is redacted, and kept with the hash of what was kept", async () => {
    const { reach, sent } = answering({ PutObject: () => ({}) });
    const saved = await evidenceFrom(reach, "bucket").save("guard/1.txt", "password=hunter2");
    expect(saved).toEqual({ key: "guard/1.txt", sha256: "13f449fd00264fea2836db21b4cdd480cd2da372d1da711e479574c7f0604ac4" });
    expect(sent[0]?.input).toMatchObject({ Bucket: "bucket", Key: "guard/1.txt", Body: Buffer.from("password=[secret]") });
  });
});

describe("a dead letter", () => {
  it("keeps the body as it came, and the error beside it", async () => {
    const { reach, sent } = answering({ SendMessage: () => ({}) });
    await deadLettersFrom(reach, "https://q/dead").send('{"a":1}', "detail.state: expected a text");
    expect(sent[0]?.input).toEqual({
      QueueUrl: "https://q/dead",
      MessageBody: '{"a":1}',
      MessageAttributes: { error: { DataType: "String", StringValue: "detail.state: expected a text" } },
    });
  });

  it("that SQS would refuse is sent all the same", async () => {
    const { reach, sent } = answering({ SendMessage: () => ({}) });
    await deadLettersFrom(reach, "https://q/dead").send("a\u0000b\ud800", "");
    await deadLettersFrom(reach, "https://q/dead").send("", "x".repeat(5_000));
    expect(sent[0]?.input).toMatchObject({ MessageBody: "a\ufffdb\ufffd", MessageAttributes: { error: { StringValue: "(no error text)" } } });
    expect(sent[1]?.input).toMatchObject({ MessageBody: "(an empty body)", MessageAttributes: { error: { StringValue: "x".repeat(4_000) } } });
  });
});

describe("a durable function", () => {
  const functions = { guard: "arn:aws:lambda:eu-central-1:123456789012:function:guard:7" };

  it("is started without waiting, by version, under the work's name", async () => {
    const { reach, sent } = answering({ Invoke: () => ({ StatusCode: 202 }) });
    await starterFrom(reach, functions).start("guard", "work-1", { a: 1 });
    expect(sent[0]?.input).toEqual({
      FunctionName: "arn:aws:lambda:eu-central-1:123456789012:function:guard",
      Qualifier: "7",
      InvocationType: "Event",
      DurableExecutionName: "work-1",
      Payload: new TextEncoder().encode('{"a":1}'),
    });
  });

  it("that exists under this name with another input is a conflict", async () => {
    const { reach } = answering({
      Invoke: () => {
        throw awsError("DurableExecutionAlreadyStartedException", 409);
      },
    });
    await expect(starterFrom(reach, functions).start("guard", "work-1", {})).rejects.toMatchObject({ kind: "conflict" });
  });

  it.each(["", "a b", "x".repeat(65)])("is not started under the name %j", async (name) => {
    const { reach, sent } = answering({});
    await expect(starterFrom(reach, functions).start("guard", name, {})).rejects.toMatchObject({ kind: "invalid" });
    expect(sent).toEqual([]);
  });

  it("that nobody named is refused with the variable to set", async () => {
    const { reach } = answering({});
    await expect(starterFrom(reach, {}).start("war-room", "a", {})).rejects.toThrow("WAR_ROOM_FUNCTION_ARN");
    await expect(starterFrom(reach, { guard: "arn:aws:lambda:eu-central-1:123456789012:function:guard" }).start("guard", "a", {})).rejects.toMatchObject({
      kind: "invalid",
    });
  });

  it("is woken by its callback; one that waits no more needs no waking", async () => {
    const { reach, sent } = answering({ SendDurableExecutionCallbackSuccess: () => ({}) });
    await starterFrom(reach, functions).wake("cb");
    expect(sent).toEqual([{ operation: "SendDurableExecutionCallbackSuccess", input: { CallbackId: "cb" } }]);
    const over = answering({
      SendDurableExecutionCallbackSuccess: () => {
        throw awsError("CallbackTimeoutException");
      },
    });
    await starterFrom(over.reach, functions).wake("cb");
    const gone = answering({
      SendDurableExecutionCallbackSuccess: () => {
        throw awsError("ResourceNotFoundException", 404);
      },
    });
    await expect(starterFrom(gone.reach, functions).wake("cb")).rejects.toMatchObject({ kind: "not-found" });
  });
});
