import { describe, it } from "vitest";
import { ledgerContract } from "./ledger.contract.ts";
import { freshTables } from "./ledger-tables.ts";

const endpoint = process.env["AWS_ENDPOINT_URL"];

if (endpoint === undefined) {
  describe("the ledger on moto", () => {
    it.skip("needs AWS_ENDPOINT_URL; `npm run test:moto` starts moto and sets it", () => undefined);
  });
} else {
  // Tables of a name of their own: the server may have been used before.
  const opened = freshTables({ endpoint, region: "eu-central-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } }, `contract-${Date.now()}`);
  // Nobody awaits it before the first test does; a failure is that test's.
  opened.catch(() => undefined);
  ledgerContract("moto", async () => (await opened).open());
}
