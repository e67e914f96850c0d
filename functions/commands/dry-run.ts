import type { Card } from "@nightshift/model";
import type { Ready } from "./verb.ts";

/** What would be done, in exact calls; who must say yes; what would be told. */
export const dryRunCard = ({ does, calls, approval, tells }: Ready): Card => ({
  summary: `Dry run: ${does} Nothing was changed.`,
  parts: [
    { kind: "text", text: [{ bold: "Dry run:" }, " ", does] },
    { kind: "text", text: "These calls would be made:" },
    { kind: "code", text: calls.join("\n") },
    { kind: "text", text: approval === undefined ? "Nobody has to approve it." : `Approval: ${approval}` },
    ...(tells.length === 0
      ? [{ kind: "text" as const, text: "Nobody would be told." }]
      : [
          { kind: "text" as const, text: "This would be told:" },
          { kind: "lines" as const, lines: tells },
        ]),
    { kind: "small", text: "Nothing was changed." },
  ],
});
