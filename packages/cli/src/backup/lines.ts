import { sayBytes, sayMany } from "@nightshift/decide/backups/say";
import { type BackupId, sayDate, sayLength } from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";

const marks: Readonly<Record<RunEnd["state"], string>> = { verified: "✓", restored: "✓", uploaded: "●", suspect: "✗", failed: "✗" };

/** What a run came to, in lines for people: what, how long, what was found, what is next. */
export function endLines(id: BackupId, end: RunEnd): readonly string[] {
  const { differences, findings, steps } = end;
  // What an earlier proof did took its time then; this run restored nothing.
  const times = end.provenAt === undefined ? end.times : {};
  const parts = [
    ...(end.sourceBytes === undefined ? [] : [`${sayBytes(end.sourceBytes)} database${end.bytes === undefined ? "" : `, ${sayBytes(end.bytes)} stored`}`]),
    ...(end.state === "restored" || times.dump === undefined ? [] : [`dumped in ${sayLength(times.dump)}`]),
    ...(times.restore === undefined ? [] : [`restored in ${sayLength(times.restore)}`]),
    ...(times.compare === undefined ? [] : [`compared in ${sayLength(times.compare)}`]),
    ...(end.tables === undefined || end.rows === undefined ? [] : [`${sayMany(end.tables, "table")}, ${sayMany(end.rows, "row")}`]),
    ...(times.compare === undefined ? [] : [sayMany(differences.length, "difference")]),
  ];
  return [
    `${marks[end.state]} ${id}  ${word(end)} · ${parts.join(" · ")}`,
    ...(end.because === undefined ? [] : [`  because: ${end.because}`]),
    ...(end.verifierFails === true && end.provenAt === undefined ? ["  the verifier saw every damage that was put into the copy on purpose"] : []),
    ...findings.map((finding) => `  note: ${finding}`),
    ...(end.restoredInto === undefined ? [] : [`  restored into: ${end.restoredInto}`]),
    ...(steps === undefined || steps.length === 0 ? [] : ["  To switch over:", ...steps.map((step, n) => `  ${String(n + 1).padStart(2)}. ${step}`)]),
  ];
}

const word = ({ state, restoredInto, provenAt }: RunEnd): string => {
  switch (state) {
    case "uploaded":
      return "taken, not proven";
    case "verified":
      return provenAt === undefined ? "proven" : `proven on ${sayDate(provenAt)}`;
    case "suspect":
      return "equal to its source, whose contents look wrong";
    case "failed":
      return restoredInto === undefined ? "NOT proven" : "restored, and NOT equal";
    case "restored":
      return "restored and compared";
  }
};
