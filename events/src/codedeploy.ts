import { anyResources, baseOf, envelope, type EventBase } from "./envelope.ts";
import { region, text } from "./fields.ts";
import { codeDeployHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import * as z from "zod/mini";

/** A CodeDeploy deployment changed. These events are best effort: one may never come. */
export interface CodeDeployChanged extends EventBase {
  readonly kind: "codedeploy-changed";
  readonly application: string;
  readonly deploymentGroup: string;
  readonly deployment: string;
  readonly state: "START" | "SUCCESS" | "FAILURE" | "STOP" | "READY";
}

const detail = z.object({
  region,
  application: text,
  deploymentGroup: text,
  deploymentId: text.check(z.refine((s) => /^d-\w+$/.test(s), "a deployment id like d-1A2B3C4D5")),
  instanceGroupId: z.optional(text),
  state: z.enum(["START", "SUCCESS", "FAILURE", "STOP", "READY"]),
});

/**
 * The event type of AWS's own Go library (aws/aws-lambda-go, `events/codedeploy.go`); that delivery is best effort:
 * "AWS CodeDeploy events", https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-codedeploy.html; both read 2026-11-21.
 */
export const codeDeployShape = defineShape(
  { name: "codedeploy", title: "aws.codedeploy / CodeDeploy Deployment State-change Notification", schema: envelope(codeDeployHeader, anyResources, detail) },
  (sent): CodeDeployChanged => ({
    kind: "codedeploy-changed",
    ...baseOf(sent),
    application: sent.detail.application,
    deploymentGroup: sent.detail.deploymentGroup,
    deployment: sent.detail.deploymentId,
    state: sent.detail.state,
  }),
);
