import { type Approval, buttons, type Card, type Part, sayClock, type StoredPlan } from "@nightshift/model";

/** A plan and its two buttons: what it does, the exact calls, what must still be so, who may say yes, and until when. */
export const planCard = ({
  stored,
  approval,
  heading = `Roll ${stored.service} back?`,
  doubts,
  who,
}: {
  readonly stored: StoredPlan;
  readonly approval: Approval;
  /** Asks in a few words; absent: for a rollback. */
  readonly heading?: string;
  readonly doubts: readonly string[];
  readonly who: string;
}): Card => {
  const value = `${stored.incident ?? "-"}|${stored.id}`;
  return {
    summary: `Plan ${stored.id}: ${approval.what}. It waits for ${who} until ${sayClock(stored.expiresAt)} UTC.`,
    parts: [
      { kind: "heading", text: heading },
      {
        kind: "facts",
        facts: [
          ["Plan", [{ code: stored.id }]],
          ["Does", approval.what],
          ["Because", stored.because],
          ["Who must approve", who],
          ["Expires", [{ moment: stored.expiresAt, words: `${sayClock(stored.expiresAt)} UTC` }]],
        ],
      },
      ...(doubts.length === 0
        ? []
        : [
            { kind: "text" as const, text: [{ bold: "Read this first:" }] },
            { kind: "lines" as const, lines: doubts },
          ]),
      { kind: "text", text: "These calls will be made:" },
      { kind: "code", text: stored.calls.join("\n") },
      ...preconditionsOf(stored),
      {
        kind: "buttons",
        buttons: [
          {
            action: buttons.approve,
            text: "Approve",
            value,
            style: "primary",
            confirm: { title: "Approve this plan?", text: approval.what, yes: "Approve", no: "Back" },
          },
          { action: buttons.deny, text: "Deny", value, style: "danger" },
        ],
      },
      { kind: "small", text: `Nothing was changed yet. In words: /ops approve ${stored.id}, or /ops deny ${stored.id}.` },
    ],
  };
};

function preconditionsOf({ preconditions }: StoredPlan): readonly Part[] {
  const rows = Object.entries(preconditions).map(([name, was]) => `${name}: ${was}`);
  return rows.length === 0
    ? []
    : [
        { kind: "text", text: "It is carried out only if this is still so then:" },
        { kind: "code", text: rows.join("\n") },
      ];
}
