import { afterAll, beforeAll, expect, it } from "vitest";
import { type RabbitServerProcess, startRabbit } from "./harness/rabbit.ts";
import { playScaleIn } from "./harness/scale-in.ts";
import { declareQueue } from "./rabbit-stage.ts";

let rabbit: RabbitServerProcess;
beforeAll(async () => {
  rabbit = await startRabbit();
  // So that its statistics are there when the workers are.
  await declareQueue(rabbit, "celery");
});
afterAll(() => rabbit?.stop());

it("a scale-in from ten workers to one on RabbitMQ, with late acknowledgement and tasks of 40 and 25 seconds running: nobody is stopped at work, and every task is done once", async () => {
  const broker = { kind: "rabbitmq", secret: rabbit.url, managementSecret: rabbit.managementUrl } as const;
  const story = await playScaleIn({ celery: "5.6", url: rabbit.url, broker, acksLate: true, net: 21 });
  const said = story.log.join("\n");
  expect(story.left, said).toBe(1);
  expect(story.sent.at(-1), said).toBe(1);
  expect(story.stopped, said).toHaveLength(9);
  // Everybody who was stopped was idle, and went by itself.
  expect(story.stopped.map(({ running, exit }) => [running, exit])).toEqual(Array.from({ length: 9 }, () => [0, 0]));
  // The count fell while the long task ran, or this proves nothing. The two tasks that come meanwhile take most of the drained back first.
  expect(story.stoppedMeanwhile, said).toBeGreaterThanOrEqual(1);
  expect(story.truth.began.map((one) => one.id).toSorted()).toEqual(story.tasks.toSorted());
  expect(story.truth.ended.map((one) => one.id).toSorted()).toEqual(story.tasks.toSorted());
  expect(story.truth.running).toEqual([]);
});
