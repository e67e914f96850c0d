import { roles } from "@nightshift/model";
import * as z from "zod/mini";
import { choiceOf, objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { userGroup } from "./on-call.ts";

/** A Slack channel by its id. */
export const channel = (says: string) =>
  textOf({
    says,
    pattern: /^[CG][A-Z0-9]{2,}$/,
    expected: "a Slack channel id such as C0123ABCD",
    remedy: "copy the id from the channel's details in Slack (below the name): names can change, ids cannot",
  });

export const channels = section({
  title: "Channels",
  says: "Where Nightshift speaks. Without a channel the topic of its severity (SNS) is told once for each state of an incident; the whole thread stands in the ledger.",
  schema: z.prefault(
    objectOf({
      ops: z.optional(channel("Digests and reports.")),
      incidents: z.optional(channel("Incidents whose service has no channel of its own (`incidents.channels`); `ops` when absent.")),
    }),
    {},
  ),
});

const held = z.array(
  choiceOf(
    "`viewer` reads, `responder` runs incidents, `operator` approves and changes production, `owner` also confirms the irreversible and releases holds of others. Each includes the ones before it.",
    roles,
  ),
);

export const people = section({
  title: "People",
  says: "Who may do what, by a short name of your own. In Slack the roles bind: whoever lacks one is told which, and nothing is done. The command line is guarded by IAM, not by roles: whoever may write the ledger may approve.",
  schema: z._default(
    z.record(
      textOf({
        says: "Short name of a person.",
        pattern: /^[a-z][a-z0-9._-]{0,31}$/i,
        expected: "a short name: letters, digits, dot, hyphen",
        remedy: 'write for example lead: { slack: "U0123", roles: ["operator"] }',
      }),
      objectOf({
        slack: z.optional(
          textOf({
            says: "Slack member id: what a person is known and called by.",
            pattern: /^[UW][A-Z0-9]{2,}$/,
            expected: "a Slack member id such as U0123ABCD",
            remedy: "copy it in Slack: profile, the three dots, Copy member ID",
          }),
        ),
        arn: z.optional(
          textOf({
            says: "AWS identity, to know a person by; what they may do from the command line IAM decides.",
            pattern: /^arn:aws[a-z-]*:(iam|sts)::\d{12}:\S+$/,
            expected: "an IAM or STS ARN",
            remedy: "`aws sts get-caller-identity` prints it",
          }),
        ),
        roles: held,
        rolesFor: z._default(
          z.record(
            textOf({
              says: "A service or group.",
              pattern: /^\S+$/,
              expected: "the name of a service or group",
              remedy: "write a name that stands under services",
            }),
            held,
          ),
          {},
        ),
      }),
    ),
    {},
  ),
});

export const roleGroups = section({
  title: "Role groups",
  says: "Roles of everybody in a Slack user group (paid plans), on top of `people`. Slack is asked, and its answer used for five minutes; when it does not answer, only `people` counts.",
  schema: z._default(z.array(objectOf({ slackGroup: userGroup("The group's id."), roles: held })), []),
});

export const slack = section({
  title: "Slack",
  says: "The one workspace and the one app that are believed; requests of any other are refused. Without it every slash command and button is refused, and Nightshift only writes.",
  schema: z.optional(
    objectOf({
      team: textOf({
        says: "The workspace's id.",
        pattern: /^T[A-Z0-9]{2,}$/,
        expected: "a Slack workspace id such as T0123ABCD",
        remedy: "open Slack in a browser: the address holds it, between /client/ and the channel",
      }),
      app: textOf({
        says: "The app's id.",
        pattern: /^A[A-Z0-9]{2,}$/,
        expected: "a Slack app id such as A0123ABCD",
        remedy: "api.slack.com/apps → your app → Basic Information → App ID",
      }),
    }),
  ),
});
