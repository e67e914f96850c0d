import { type AssertionSettings, type Ms, minutes } from "@nightshift/model";
import type { Connect, Row } from "../postgres/session.ts";
import { withSession } from "../postgres/session.ts";

/** A team's statement may take so long. */
const ATMOST: Ms = minutes(10);

/** The team's own statements on the restored copy: a sentence for each that does not hold. Values are never told, only whether they hold. */
export async function assertOn(connect: Connect, assertions: readonly AssertionSettings[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const assertion of assertions) {
    const because = await withSession(connect, async (session) => {
      await session.query(`set statement_timeout = ${ATMOST}`);
      await session.query("set default_transaction_read_only = on");
      try {
        return judgeAssertion(assertion, await session.query(assertion.sql));
      } catch (error) {
        return `it could not be asked: ${error instanceof Error ? error.message : String(error)}`;
      }
    });
    if (because !== undefined) failed.push(`assertion "${assertion.name}": ${because}`);
  }
  return failed;
}

/** Why an assertion does not hold; undefined: it does. */
export function judgeAssertion({ holds }: Pick<AssertionSettings, "holds">, rows: readonly Row[]): string | undefined {
  const [row] = rows;
  const values = row === undefined ? [] : Object.values(row);
  const [value] = values;
  if (rows.length !== 1 || values.length !== 1) return `expected one row of one column, got ${rows.length} rows of ${values.length} columns`;
  if (value === null || value === undefined) return "it says NULL, which is neither true nor a number";
  if (holds === true) return value === "t" || value === "true" ? undefined : "it does not say true";
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return "it does not say a number";
  return number >= holds.atLeast ? undefined : `it says less than ${holds.atLeast}`;
}
