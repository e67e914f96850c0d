import type { LabAccount } from "../account.ts";
import { names } from "../install/names.ts";
import { accepted, textIn } from "./history.ts";

/** 29, in the store: a commit record and a proof are written once, only if absent, so that no later run can change what was proven. */
export const recordsAreWrittenOnce = (lab: LabAccount): readonly string[] =>
  accepted(lab, "s3", "PutObject").flatMap((call) => {
    const key = textIn(call, "Key");
    const isRecord = textIn(call, "Bucket") === names.backups && /\/data\/[^/]+\/(manifest|proof)\.json$/.test(key) && call.caller === "runner";
    return isRecord && call.fields["IfNoneMatch"] !== "*" ? [`${call.caller} put ${key} over whatever lay there`] : [];
  });
