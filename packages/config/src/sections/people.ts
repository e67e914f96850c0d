import * as z from "zod/mini";
import { choiceOf, objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";

/** What a person may do, from least to most. */
export const roles = ["viewer", "responder", "operator", "owner"] as const;
/** `viewer` reads; `responder` acknowledges; `operator` approves rollbacks; `owner` also changes holds of others and modes. They bind from Slack commands on; the command line is guarded by IAM. */
export type Role = (typeof roles)[number];

const channel = (says: string) =>
  textOf({
    says,
    pattern: /^[CG][A-Z0-9]{2,}$/,
    expected: "a Slack channel id such as C0123ABCD",
    remedy: "copy the id from the channel's details in Slack (below the name): names can change, ids cannot",
  });

export const channels = section({
  title: "Channels",
  says: "Where Nightshift speaks. Without a channel the page topic (SNS) is told once for each state of an incident; the whole thread stands in the ledger.",
  schema: z.prefault(
    objectOf({
      ops: z.optional(channel("Verdicts, outcomes and questions.")),
      incidents: z.optional(channel("P1 and P2; `ops` when absent.")),
    }),
    {},
  ),
});

export const people = section({
  title: "People",
  says: "Who may do what, by a short name of your own. The command line is guarded by IAM, not by roles: whoever may write the ledger may approve. Roles bind once Slack commands arrive, not before.",
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
            says: "Slack member id, to know a person by once Slack commands arrive.",
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
        roles: z.array(
          choiceOf(
            "`viewer` reads, `responder` acknowledges, `operator` approves and rolls back, `owner` does all. Not enforced before Slack commands arrive.",
            roles,
          ),
        ),
      }),
    ),
    {},
  ),
});
