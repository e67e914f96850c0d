import type { DatabaseSettings, Finding, RestoreRoleFacts } from "@nightshift/model";
import { restoreGrantsSql, sayRuler } from "./postgres-grants.ts";

/** One check of the role that restores. */
interface RestoreCheck {
  readonly id: `P${number}`;
  readonly title: string;
  readonly look: (facts: RestoreRoleFacts) => readonly Omit<Finding, "id" | "about">[];
}

/** Every check of the role that restores. */
export const restoreChecks: readonly RestoreCheck[] = [
  {
    id: "P15",
    title: "restore's role may make a database",
    look: (facts) => [
      ...when(!facts.createsDatabases && !facts.superuser, "danger", `role ${facts.name} may make no database: nothing is restored`, grantsFor(facts)),
      ...when(
        facts.readOnly,
        "danger",
        `role ${facts.name} only reads (default_transaction_read_only): nothing is restored`,
        "give restores a role of their own: npx nightshift backup grants",
      ),
    ],
  },
  {
    id: "P16",
    title: "restore's role may hand things to their owners",
    look: (facts) => {
      const missing = facts.owners.filter(({ member }) => !member);
      const plain = missing.filter(({ rules }) => !rules).map(({ name }) => name);
      return [
        ...when(
          plain.length > 0,
          "danger",
          `role ${facts.name} is no member of ${plain.join(", ")}: what they own would not be theirs, and the restore differs`,
          grantsFor(facts),
        ),
        ...missing
          .filter(({ rules }) => rules)
          .flatMap(({ name }) => when(true, "danger", `role ${facts.name} cannot give anything to ${name}: the restore differs`, sayRuler(name))),
      ];
    },
  },
  {
    id: "P17",
    title: "restore's role may do no more than restore",
    look: (facts) => {
      const more = [
        ...(facts.superuser ? ["is a superuser"] : []),
        ...(facts.createsRoles && !facts.superuser ? ["may make roles"] : []),
        ...(facts.replicates && !facts.superuser ? ["may replicate"] : []),
      ];
      return when(
        more.length > 0,
        "warning",
        `role ${facts.name} ${more.join(" and ")}; a restore needs none of it`,
        "npx nightshift backup grants prints the least one",
      );
    },
  },
  {
    id: "P18",
    title: "restore's role may make the extensions",
    look: (facts) =>
      when(
        facts.untrusted.length > 0 && !facts.superuser,
        "danger",
        `role ${facts.name} may not make the extensions ${facts.untrusted.join(", ")}: the restore differs`,
        "name them in withoutExtensions if nothing stored needs them; else restore with an administrator's address (on RDS a member of rds_superuser)",
      ),
  },
];

/** Everything that would keep a restore from being complete, or that its role could do besides. */
export const checkRestoreRole = (facts: RestoreRoleFacts): readonly Finding[] =>
  restoreChecks.flatMap(({ id, look }) => look(facts).map((complaint) => ({ id, about: facts.database, ...complaint })));

/** What the config leaves out. Only where `/ops restore` could do it at all: it knows no server but an RDS instance. */
export const checkRestoreConfig = ({ name, instance, restoreUrl }: Pick<DatabaseSettings, "name" | "instance" | "restoreUrl">): readonly Finding[] =>
  instance === undefined || restoreUrl !== undefined
    ? []
    : [
        {
          id: "P19",
          about: name,
          severity: "warning",
          says: "there is no role that restores: /ops restore refuses dumps",
          remedy: `make the role that npx nightshift backup grants prints, put its address into a secret, and restoreUrl: secret("…") under databases.${name}`,
        },
      ];

const when = (bad: boolean, severity: Finding["severity"], says: string, remedy: string): readonly Omit<Finding, "id" | "about">[] =>
  bad ? [{ severity, says, remedy }] : [];

const grantsFor = ({ name, major, owners, rowSecurity }: RestoreRoleFacts): string =>
  restoreGrantsSql({ role: name, major, owners: owners.filter(({ rules }) => !rules), rowSecurity }).join(" ");
