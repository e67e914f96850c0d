import { perLine } from "./check.ts";

/** Never automatic (hazard 9): a downgrade drops what the new schema has stored since. */
export const downgrade = perLine({
  id: "D39",
  title: "Migrations are not rolled back in the heat",
  severity: "danger",
  when: (text) =>
    /\balembic\s+downgrade\b|\bknex\s+migrate:rollback\b|\brails\s+db:rollback\b|\bmigrate\s+reset\b|\bmanage\.py\s+migrate\s+\w+\s+(zero|\d{4})/.test(text),
  says: "rolls the schema back: columns written since the deployment are dropped, and running tasks break",
  remedy:
    "migrate in two steps (expand, later contract), so that the earlier revision works with the newer schema; restore data from a backup, not by downgrade",
});
