import { expect, it } from "vitest";
import { outboxFrom } from "./sqs-outbox.ts";
import { answering } from "./testing/answering.ts";

const nudged = async (...nudges: readonly (readonly [string, string, string])[]) => {
  const { reach, sent } = answering({ SendMessage: () => ({}) });
  const outbox = outboxFrom(reach, "https://q/outbox.fifo");
  for (const nudge of nudges) await outbox.nudge(...nudge);
  // Commands of one kind were sent.
  return sent.map((one) => one.input as { readonly MessageDeduplicationId: string });
};

it("a nudge waits in its channel's own group and says which incident to look at", async () => {
  const [sent] = await nudged(["C0123", "INC-1", "seq-1"]);
  expect(sent).toEqual({
    QueueUrl: "https://q/outbox.fifo",
    MessageBody: '{"channel":"C0123","incident":"INC-1"}',
    MessageGroupId: "C0123",
    MessageDeduplicationId: "4094538b62665e5cdc7839854008630601960257ff5b8f26838ced8f31a59625",
  });
});

it("the same occasion is the same message; another one, or another incident, is another", async () => {
  const ids = (await nudged(["C1", "INC-1", "a"], ["C1", "INC-1", "a"], ["C1", "INC-1", "b"], ["C1", "INC-2", "a"], ["C2", "INC-1", "a"])).map(
    (one) => one.MessageDeduplicationId,
  );
  expect(ids[0]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(4);
});

it("an occasion of any length and any letters makes an id that SQS takes", async () => {
  const [sent] = await nudged(["C1", "INC-1", "\u0000é".repeat(1_000)]);
  expect(sent?.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
});
