// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@aws-sdk/lib-dynamodb";
import { type Doc, type LedgerPorts, ledgerPorts } from "@nightshift/aws/ledger/index";
import { createAccount } from "@nightshift/lab/account";
import { tableKeys } from "@nightshift/model";

/**
 * Our own ledger over the lab's tables, for tests in real time: the lab's clock runs only while a call of the ledger is under
 * way, one call at a time.
 */
export function realTimeLedger(): LedgerPorts {
  const account = createAccount({ seed: 7 });
  const tables = { ledger: "ledger", audit: "audit" };
  for (const name of [tables.ledger, tables.audit]) account.dynamodb.create({ name, partition: tableKeys.partition, sort: tableKeys.sort });
  // The lab's client has one `send` for every command; the adapter reads the answers that the SDK's types name.
  const doc = account.client("dynamodb", "test") as Doc;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (port: object): object =>
    new Proxy(port, {
      get: (target, method) => {
        const call = Reflect.get(target, method) as unknown; // A proxy's values have no type.
        if (typeof call !== "function") return call;
        return (...args: readonly unknown[]) => {
          const mine = last.then(() => account.run(async () => Reflect.apply(call, target, args) as Promise<unknown>)); // As above.
          last = mine.catch(() => undefined);
          return mine;
        };
      },
    });
  const ports = ledgerPorts(async () => doc, tables);
  return new Proxy(ports, {
    get: (target, name) => {
      const port = Reflect.get(target, name) as unknown; // As above.
      return typeof port === "object" && port !== null ? inTurn(port) : port;
    },
    // A spread must carry the wrapped ports.
    getOwnPropertyDescriptor: (target, name) => Reflect.getOwnPropertyDescriptor(target, name),
  });
}
