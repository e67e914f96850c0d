import { anyResources, baseOf, envelope, type EventBase } from "./envelope.ts";
import { anyText, moment, shortWords } from "./fields.ts";
import type { ChangeNoted } from "./nightshift.ts";
import { mirrorAskedHeader, mirrorNoteHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import { type EpochMs, serviceName } from "@nightshift/model";
import * as z from "zod/mini";

/** The mirror of a repository was asked for. */
export interface MirrorAsked extends EventBase {
  readonly kind: "mirror-asked";
  readonly repository: string;
  /** The moment that its schedule meant; the event itself may come minutes later. */
  readonly scheduled: EpochMs;
}

/** Written into keys of the ledger, so that it is bounded. */
const repository = anyText.check(z.refine((s) => s.length <= 140 && /^[\w.-]+\/[\w.-]+$/.test(s), "OWNER/NAME"));

/** `nightshift.mirror-asked`, put on our bus by our own schedule each night: for whoever mirrors, and for us. */
export const mirrorAskedShape = defineShape(
  {
    name: "nightshift-mirror-asked",
    title: "nightshift.backups / nightshift.mirror-asked",
    schema: envelope(mirrorAskedHeader, anyResources, z.object({ repository, scheduled: moment })),
  },
  (sent): MirrorAsked => ({ kind: "mirror-asked", ...baseOf(sent), ...sent.detail }),
);

/** `nightshift.mirror`, put on our bus by whoever mirrored a repository: up to which commit. */
export const mirrorNoteShape = defineShape(
  {
    name: "nightshift-mirror",
    title: "nightshift.ci / nightshift.mirror",
    schema: envelope(mirrorNoteHeader, anyResources, z.object({ repository, commit: shortWords })),
  },
  (sent): ChangeNoted => {
    const service = serviceName(sent.detail.repository);
    return { kind: "change-noted", ...baseOf(sent), service, note: { service, kind: "mirror", at: sent.time, commit: sent.detail.commit } };
  },
);
