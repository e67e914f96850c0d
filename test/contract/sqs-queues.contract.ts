import { type BrokerReading, minutes, type ProbeRequest } from "@nightshift/model";
import { describe, expect, it } from "vitest";

/** One queue that was just made, and what its application and its workers do with it. */
export interface SqsStage {
  readonly probe: (request: ProbeRequest) => Promise<BrokerReading>;
  /** As Celery's workers name it, and the prefix that SQS has before it. */
  readonly queue: string;
  readonly prefix: string;
  /** `delay` in seconds. */
  send(tasks: number, delay?: number): Promise<void>;
  /** A worker takes so many, and returns how it can say that one is done. */
  take(tasks: number): Promise<readonly string[]>;
  finish(receipt: string): Promise<void>;
}

/** What the SQS probe promises on any SQS that has come to rest. */
export function sqsQueuesContract(name: string, stage: () => Promise<SqsStage>): void {
  const look = ({ probe, queue, prefix }: SqsStage, acksLate = false, queues: readonly string[] = [queue]) =>
    probe({ broker: { kind: "sqs", queueNamePrefix: prefix, visibilityTimeout: minutes(30) }, queues, heartbeats: true, acksLate });
  const values = (reading: BrokerReading) =>
    reading.kind === "unknown"
      ? reading.because
      : reading.queues.map(({ waiting, reserved, running, dueLater }) => [waiting?.value, reserved?.value, running?.value, dueLater?.value]);

  describe(`SQS queues on ${name}`, () => {
    it("an empty queue is seen empty, without a doubt", async () => {
      const reading = await look(await stage());
      expect(values(reading)).toEqual([[0, 0, undefined, 0]]);
      expect(reading).toMatchObject({ kind: "seen", broker: "sqs", doubts: [] });
    });

    it("what waits, what workers hold and what is delayed are told apart", async () => {
      const queue = await stage();
      await queue.send(5);
      await queue.send(2, 600);
      const [done = "none"] = await queue.take(3);
      expect(values(await look(queue))).toEqual([[2, 3, undefined, 2]]);
      await queue.finish(done);
      expect(values(await look(queue))).toEqual([[2, 2, undefined, 2]]);
      expect(values(await look(queue, true))).toEqual([[2, 0, 2, 2]]);
    });

    it("a count that SQS calls approximate is never called counted", async () => {
      const queue = await stage();
      await queue.send(1);
      const reading = await look(queue);
      expect(reading.kind === "seen" && reading.queues.flatMap((one) => [one.waiting?.confidence, one.reserved?.confidence])).toEqual([0.9, 0.9]);
    });

    it("a queue that is not there is doubted and no zero, beside one that is", async () => {
      const queue = await stage();
      await queue.send(1);
      const reading = await look(queue, false, [queue.queue, "nobody-made-this"]);
      expect(values(reading)).toEqual([
        [1, 0, undefined, 0],
        [undefined, undefined, undefined, undefined],
      ]);
      expect(reading.kind === "seen" && reading.doubts).toEqual([
        `SQS has no queue ${queue.prefix}nobody-made-this here: nobody created it yet, or name, prefix, account or region are others`,
      ]);
    });
  });
}
