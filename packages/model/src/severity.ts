/** P1 outage, data loss, security · P2 error rate > 5 % or partial outage · P3 1–5 % · P4 below (decision 5). */
export type Severity = "P1" | "P2" | "P3" | "P4";
/** How much Nightshift may do by itself (decision 2). */
export type Mode = "shadow" | "ask" | "auto";
