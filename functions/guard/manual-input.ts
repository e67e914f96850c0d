/** A plan that was approved, to be carried out: its id alone; everything else is read again from the ledger. */
export interface ManualRollback {
  readonly kind: "manual";
  readonly plan: string;
  readonly group: string;
}

/** Reads the input of a manual rollback; undefined when it is none. @throws {Error} naming the field. */
export function parseManual(raw: unknown): ManualRollback | undefined {
  if (typeof raw !== "object" || raw === null || !Object.hasOwn(raw, "kind")) return undefined;
  const fields = new Map<string, unknown>(Object.entries(raw));
  if (fields.get("kind") !== "manual")
    throw new Error(`guard input: kind: expected "manual" or none. The commands function sends it; do not start the guard by hand.`);
  const text = (name: string): string => {
    const value = fields.get(name);
    if (typeof value !== "string" || value === "")
      throw new Error(
        `guard input: ${name}: expected text, got ${value === "" ? "nothing" : typeof value}. The commands function sends it; do not start the guard by hand.`,
      );
    return value;
  };
  return { kind: "manual", plan: text("plan"), group: text("group") };
}
