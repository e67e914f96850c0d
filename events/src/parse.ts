import { alarmActionShape, isAlarmAction } from "./cloudwatch-alarm-action.ts";
import { alarmShape } from "./cloudwatch-alarm.ts";
import { restoreFinishedShape } from "./backup-restore.ts";
import { codeDeployShape } from "./codedeploy.ts";
import { deploymentShape } from "./ecs-deployment.ts";
import { serviceActionShape } from "./ecs-service-action.ts";
import { taskShape } from "./ecs-task.ts";
import { EventError, problemAt } from "./errors.ts";
import { parseJson } from "./json.ts";
import { mirrorAskedShape, mirrorNoteShape } from "./mirror.ts";
import { deploymentNoteShape, migrationShape } from "./nightshift.ts";
import * as headers from "./patterns.ts";
import { shortText } from "./preview.ts";
import { clusterShape, clusterSnapshotShape, instanceShape, snapshotShape } from "./rds.ts";
import { scalingTickShape } from "./scaling-tick.ts";
import { isScheduleInput, ruleScheduleShape, scheduleInputShape, schedulerShape } from "./schedule.ts";
import type { Shape } from "./shape.ts";

/** The shapes with EventBridge's envelope, by what their header says. An explicit list: a shape that is not here is not read. */
const enveloped = [
  { header: headers.alarmHeader, shape: alarmShape },
  { header: headers.deploymentHeader, shape: deploymentShape },
  { header: headers.taskHeader, shape: taskShape },
  { header: headers.serviceActionHeader, shape: serviceActionShape },
  { header: headers.codeDeployHeader, shape: codeDeployShape },
  { header: headers.snapshotHeader, shape: snapshotShape },
  { header: headers.instanceHeader, shape: instanceShape },
  { header: headers.clusterHeader, shape: clusterShape },
  { header: headers.clusterSnapshotHeader, shape: clusterSnapshotShape },
  { header: headers.restoreJobHeader, shape: restoreFinishedShape },
  { header: headers.ruleScheduleHeader, shape: ruleScheduleShape },
  { header: headers.schedulerHeader, shape: schedulerShape },
  { header: headers.migrationHeader, shape: migrationShape },
  { header: headers.deploymentNoteHeader, shape: deploymentNoteShape },
  { header: headers.mirrorNoteHeader, shape: mirrorNoteShape },
  { header: headers.mirrorAskedHeader, shape: mirrorAskedShape },
  { header: headers.scalingTickHeader, shape: scalingTickShape },
] as const;

/** Everything that reaches us, told apart by `kind`. */
export type NightshiftEvent =
  | ReturnType<(typeof enveloped)[number]["shape"]["read"]>
  | ReturnType<typeof alarmActionShape.read>
  | ReturnType<typeof scheduleInputShape.read>;

/** Reads one decoded event. @throws {EventError} when it is not one of ours or not as documented; never anything else. */
export function parseEvent(raw: unknown): NightshiftEvent {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new EventError(
      "unreadable",
      [problemAt([], "one event, a JSON object", raw)],
      Array.isArray(raw) ? "Give one event at a time." : "Give the whole event as EventBridge delivered it.",
    );
  }
  return shapeOf(raw).read(raw);
}

/** Reads one event from its JSON text. @throws {EventError} as `parseEvent`, and for text that is empty, cut off or not JSON. */
export function parseEventText(sent: string): NightshiftEvent {
  // Some editors begin a file with a byte order mark; it means nothing.
  const text = sent.startsWith("\uFEFF") ? sent.slice(1) : sent;
  return parseEvent(parseJson(text));
}

/** Name and title of every shape, in the order in which they are listed to people. */
export const shapeTitles: readonly { readonly name: string; readonly title: string }[] = [
  ...enveloped.map((e) => e.shape),
  alarmActionShape,
  scheduleInputShape,
].map(({ name, title }) => ({ name, title }));

function shapeOf(raw: object): Shape<NightshiftEvent> {
  if (isAlarmAction(raw)) return alarmActionShape;
  if (isScheduleInput(raw)) return scheduleInputShape;
  const source = own(raw, "source");
  const detailType = own(raw, "detail-type");
  if (typeof source !== "string" || typeof detailType !== "string") throw notAnEvent(raw, source, detailType);
  const known = enveloped.find((e) => e.header.source === source && e.header.detailType === detailType);
  if (known !== undefined) return known.shape;
  throw foreign(source, detailType);
}

function notAnEvent(raw: object, source: unknown, detailType: unknown): EventError {
  const problems = [
    ...(typeof source === "string" ? [] : [problemAt(["source"], "a string", source)]),
    ...(typeof detailType === "string" ? [] : [problemAt(["detail-type"], "a string", detailType)]),
  ];
  const [first = problemAt([], "an EventBridge event", raw), ...others] = problems;
  return new EventError("unreadable", [first, ...others], wrapping(raw) ?? "Give the whole event as EventBridge delivered it, with its envelope.");
}

/** A word for the two wrappings that people copy by mistake. */
function wrapping(raw: object): string | undefined {
  if ("Records" in raw) return "It is a batch of records from SQS or SNS: give the body of one record.";
  if ("Message" in raw && "TopicArn" in raw) return "It is an SNS notification: give what is in its Message.";
  return undefined;
}

function foreign(source: string, detailType: string): EventError {
  const title = `${shortText(source)} / ${shortText(detailType)}`;
  const ours = enveloped.map((e) => e.shape.title).join("; ");
  const path = enveloped.some((e) => e.header.source === source) ? "detail-type" : "source";
  return new EventError(
    title,
    [{ path, expected: "an event that Nightshift listens to", got: `an event from ${title}` }],
    `Nightshift listens to ${ours}. Take this one out of the rule that sends it, or ask for it to be supported.`,
  );
}

/** A field of the event itself, never one inherited from its prototype. */
const own = (raw: object, key: string): unknown => Object.getOwnPropertyDescriptor(raw, key)?.value;
