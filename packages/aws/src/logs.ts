import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Logs } from "@nightshift/ports";
import type { Reach } from "./reach.ts";
import { redact } from "./redact.ts";

// A page may be empty although older events exist; five of them are as far back as evidence needs.
const pages = 5;
const longestLine = 2_000;

/**
 * The end of a container's log, redacted. Pages run backwards until enough lines are there or the token repeats.
 * Source: "GetLogEvents", https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html, 2026-11-21.
 */
export const logsFrom = ({ connections, calls }: Reach): Logs => ({
  async tail(group, stream, lines) {
    const call = { operation: "logs:GetLogEvents", on: `${group} ${stream}` };
    let found: readonly string[] = [];
    let token: string | undefined;
    for (let page = 0; page < pages && found.length < lines; page += 1) {
      const nextToken = token;
      const answer = await calls.read(call, async () =>
        (await connections.logs()).send(
          new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            startFromHead: false,
            limit: lines - found.length,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        ),
      );
      found = [...(answer.events ?? []).map((event) => readable(event.message ?? "")), ...found];
      if (answer.nextBackwardToken === undefined || answer.nextBackwardToken === token) break;
      token = answer.nextBackwardToken;
    }
    return found.slice(-lines);
  },
});

const readable = (message: string): string => {
  const line = redact(message.trimEnd());
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}… (${line.length - longestLine} more characters)`;
};
