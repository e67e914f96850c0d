import { afterAll, beforeAll } from "vitest";
import { ledgerContract } from "./ledger.contract.ts";
import { localLedger } from "./ledger-local.ts";

let local: Awaited<ReturnType<typeof localLedger>>;
beforeAll(async () => {
  local = await localLedger();
});
afterAll(() => local.close());

ledgerContract("dynalite", async () => local.open());
