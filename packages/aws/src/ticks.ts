import { InvokeCommand } from "@aws-sdk/client-lambda";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { ScalingTick } from "@nightshift/model";
import { PortError, type Ticks } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

/** Where ticks go; each is asked for when it is needed: the scaler was given the queue, whoever starts it the function. */
export interface TickPlaces {
  readonly eventsQueueUrl: () => string;
  readonly scalerArn: () => string;
  readonly region: string;
}

/** Longest delay of one message. Source: "Amazon SQS message timers", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html, 2026-11-21. */
const longestDelaySeconds = 900;

/**
 * A service's next look: delayed in the events queue, whose dispatcher starts the scaler, or at once. Both carry the same event,
 * whose id is the tick's own, so that one tick that comes twice is known as one.
 * Sources: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, and
 * "Invoke", https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, 2026-11-21.
 */
export const ticksFrom = ({ connections, calls, clock }: Reach, { eventsQueueUrl, scalerArn, region }: TickPlaces): Ticks => {
  const eventOf = ({ service, due }: ScalingTick, account: string): string => {
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    return JSON.stringify({ ...header, id: `${service}/${due}`, account, time, region, resources: [], detail: { service, due } });
  };
  return {
    async later(tick, wait) {
      const queue = eventsQueueUrl();
      const call = { operation: "sqs:SendMessage", on: queue };
      const DelaySeconds = Math.ceil(wait / 1_000);
      if (!(DelaySeconds >= 0 && DelaySeconds <= longestDelaySeconds))
        throw new PortError("invalid", call.operation, call.on, `a look comes 0 to ${longestDelaySeconds} s later, not ${DelaySeconds} s`);
      const message = { QueueUrl: queue, MessageBody: eventOf(tick, accountOfQueue(queue)), DelaySeconds };
      await calls.change(call, async () => (await connections.sqs()).send(new SendMessageCommand(message)));
    },
    async now(tick) {
      const call = { operation: "lambda:InvokeFunction", on: `scaler for ${tick.service}` };
      const FunctionName = scalerArn();
      const Payload = new TextEncoder().encode(eventOf(tick, accountOfArn(FunctionName)));
      await calls.change(call, async () => (await connections.lambda()).send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload })));
    },
  };
};

const header = { version: "0", "detail-type": "Nightshift Scaling Tick", source: "nightshift" } as const;

/** `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`. */
const accountOfQueue = (url: string): string => url.split("/").at(-2) ?? "";
const accountOfArn = (arn: string): string => arn.split(":")[4] ?? "";
