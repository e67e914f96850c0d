import type { FilterLogEventsResponse, GetLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import type { EpochMs } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";

interface Line {
  readonly at: EpochMs;
  readonly text: string;
}

interface LogQuestion {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamName?: string;
  readonly logStreamNames?: readonly string[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
  readonly nextToken?: string;
}

/** Lines kept per stream: older ones are dropped, as nobody reads further back than a screen. */
const LINES_KEPT = 2_000;
/** Most events one call answers (API_GetLogEvents "limit", docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html, read 2026-11-21). */
const MOST_EVENTS = 10_000;

/** CloudWatch Logs: one stream a task and container. */
export class LogStreams implements ServiceModule {
  readonly service = "logs" as const;
  readonly mutating: ReadonlySet<string> = new Set();
  private readonly kernel: Kernel;
  private readonly groups = new Map<string, Map<string, Line[]>>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  createGroup(group: string): void {
    if (!this.groups.has(group)) this.groups.set(group, new Map());
  }

  write(where: { readonly group: string; readonly stream: string }, text: string): void {
    this.createGroup(where.group);
    const streams = this.groups.get(where.group);
    const lines = streams?.get(where.stream) ?? [];
    streams?.set(where.stream, lines);
    lines.push({ at: this.kernel.clock.now(), text });
    if (lines.length > LINES_KEPT) lines.shift();
  }

  handle(operation: string, input: unknown): unknown {
    // The boundary hands over what the typed SDK client was given.
    const asked = input as LogQuestion;
    if (operation === "GetLogEvents") return this.read(asked);
    if (operation === "FilterLogEvents") return this.filter(asked);
    throw new AwsFault("UnknownOperationException", `The lab's CloudWatch Logs does not know ${operation}`);
  }

  private streamsOf(asked: LogQuestion): Map<string, Line[]> {
    const streams = this.groups.get(asked.logGroupName ?? asked.logGroupIdentifier ?? "");
    if (streams === undefined) throw new AwsFault("ResourceNotFoundException", "The specified log group does not exist.");
    return streams;
  }

  /** Without `startFromHead` the newest events are answered first, in ascending order within the page (API_GetLogEvents, as above). */
  private read(asked: LogQuestion): GetLogEventsResponse {
    const lines = this.streamsOf(asked).get(asked.logStreamName ?? "");
    if (lines === undefined) throw new AwsFault("ResourceNotFoundException", "The specified log stream does not exist.");
    const limit = Math.min(asked.limit ?? MOST_EVENTS, MOST_EVENTS);
    const within = lines.filter((line) => inside(line, asked));
    const page = asked.startFromHead === true ? within.slice(0, limit) : within.slice(-limit);
    const token = `f/${within.length}`;
    const events = asked.nextToken === token || asked.nextToken === "b/0" ? [] : page;
    return {
      events: events.map((line) => ({ timestamp: line.at, message: line.text, ingestionTime: line.at })),
      nextForwardToken: token,
      nextBackwardToken: "b/0",
    };
  }

  /** Patterns: plain terms, all of which must occur ("Filter pattern syntax", docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, read 2026-11-21); JSON patterns are not modelled and refused. */
  private filter(asked: LogQuestion): FilterLogEventsResponse {
    const pattern = asked.filterPattern ?? "";
    if (pattern.startsWith("{") || pattern.startsWith("[")) throw new AwsFault("InvalidParameterException", "The lab filters by plain terms only");
    const terms = (pattern.match(/"[^"]*"|\S+/g) ?? []).map((term) => term.replace(/^"|"$/g, ""));
    const found: { stream: string; line: Line }[] = [];
    for (const [stream, lines] of this.streamsOf(asked)) {
      if (asked.logStreamNames !== undefined && !asked.logStreamNames.includes(stream)) continue;
      for (const line of lines) if (inside(line, asked) && terms.every((term) => line.text.includes(term))) found.push({ stream, line });
    }
    found.sort((a, b) => a.line.at - b.line.at);
    const start = asked.nextToken === undefined ? 0 : Number(asked.nextToken);
    const page = found.slice(start, start + Math.min(asked.limit ?? MOST_EVENTS, MOST_EVENTS));
    const next = start + page.length;
    return {
      events: page.map(({ stream, line }, i) => ({
        logStreamName: stream,
        timestamp: line.at,
        message: line.text,
        ingestionTime: line.at,
        eventId: String(start + i),
      })),
      ...(next < found.length ? { nextToken: String(next) } : {}),
    };
  }
}

const inside = (line: Line, asked: LogQuestion): boolean => line.at >= (asked.startTime ?? 0) && line.at < (asked.endTime ?? Number.POSITIVE_INFINITY);
