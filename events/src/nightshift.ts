import { anyResources, baseOf, envelope, type EventBase } from "./envelope.ts";
import { shortWords } from "./fields.ts";
import { deploymentNoteHeader, migrationHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import { type ChangeNote, type ServiceName, serviceName } from "@nightshift/model";
import * as z from "zod/mini";

/** CI told us on our own bus that it migrated a database or deployed a commit. */
export interface ChangeNoted extends EventBase {
  readonly kind: "change-noted";
  readonly service: ServiceName;
  /** What the ledger keeps. */
  readonly note: ChangeNote;
}

/** "Service name": up to 255 letters, digits, underscores and hyphens (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html, read 2026-11-21). */
export const ecsServiceName = z.string("a string").check(z.refine((s) => /^[\w-]{1,255}$/.test(s), "the name of an ECS service"));

const migration = z.object({
  service: ecsServiceName,
  /** The newest migration that is applied now: what older code must be able to live with. */
  schemaHead: shortWords,
  reversible: z.optional(z.boolean("true or false")),
  commit: z.optional(shortWords),
  pullRequest: z.optional(shortWords),
});

const deployment = z.object({ service: ecsServiceName, commit: shortWords, pullRequest: z.optional(shortWords), schemaHead: z.optional(shortWords) });

/** Leaves out what was not said: a note has no empty fields. */
function noteOf(
  kind: ChangeNote["kind"],
  sent: { readonly time: ChangeNote["at"]; readonly detail: z.output<typeof migration> | z.output<typeof deployment> },
): ChangeNote {
  const { service: name, ...said } = sent.detail;
  const reversible = "reversible" in said ? said.reversible : undefined;
  return {
    service: serviceName(name),
    kind,
    at: sent.time,
    ...(said.schemaHead === undefined ? {} : { schemaHead: said.schemaHead }),
    ...(said.commit === undefined ? {} : { commit: said.commit }),
    ...(said.pullRequest === undefined ? {} : { pullRequest: said.pullRequest }),
    ...(reversible === undefined ? {} : { reversible }),
  };
}

/** `nightshift.migration`, put on our bus by CI after a database migration (decision 12): one event a service. */
export const migrationShape = defineShape(
  { name: "nightshift-migration", title: "nightshift.ci / nightshift.migration", schema: envelope(migrationHeader, anyResources, migration) },
  (sent): ChangeNoted => ({ kind: "change-noted", ...baseOf(sent), service: serviceName(sent.detail.service), note: noteOf("migration", sent) }),
);

/** `nightshift.deployment`, put on our bus by CI when it starts a deployment (decision 12): one event a service. */
export const deploymentNoteShape = defineShape(
  { name: "nightshift-deployment", title: "nightshift.ci / nightshift.deployment", schema: envelope(deploymentNoteHeader, anyResources, deployment) },
  (sent): ChangeNoted => ({ kind: "change-noted", ...baseOf(sent), service: serviceName(sent.detail.service), note: noteOf("deployment", sent) }),
);
