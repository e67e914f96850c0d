import type { LedgerPorts } from "@nightshift/aws/ledger/index";
import { describe, it } from "vitest";
import { automaticsContract } from "./ledger-automatics.contract.ts";
import { backupsContract } from "./ledger-backups.contract.ts";
import { incidentsContract } from "./ledger-incidents.contract.ts";
import { peopleContract } from "./ledger-people.contract.ts";
import { recordContract } from "./ledger-record.contract.ts";
import { scalingContract } from "./ledger-scaling.contract.ts";
import type { Behaviour } from "./ledger-stage.ts";

let used = 0;

/**
 * What every store of the ledger must do. `make` opens the same store again each time, as another process would;
 * each behaviour uses keys of its own. `within` is what a behaviour runs inside, where time is not the machine's.
 */
export function ledgerContract(name: string, make: () => Promise<LedgerPorts>, within: (work: () => Promise<void>) => Promise<void> = (work) => work()): void {
  const behaviour: Behaviour = (sentence, work) =>
    it(sentence, async () => {
      const one = await make();
      const other = await make();
      used += 1;
      const mine = `t${used}`;
      await within(() => work({ one, other, mine, both: (index) => (index % 2 === 0 ? one : other) }));
    });
  describe(`the ledger on ${name}`, () => {
    automaticsContract(behaviour);
    recordContract(behaviour);
    incidentsContract(behaviour);
    peopleContract(behaviour);
    scalingContract(behaviour);
    backupsContract(behaviour);
  });
}
