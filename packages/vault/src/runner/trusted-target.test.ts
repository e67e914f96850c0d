import { expect, test } from "vitest";
import { clientEnvironment, readAddress } from "./address.ts";
import { trustedTarget } from "./trusted-target.ts";

const source = readAddress("postgres://app:secret@shop-prod.c1a2b3.eu-central-1.rds.amazonaws.com:5432/shop?sslmode=require");
const to = (host: string, over: { readonly hosts?: readonly string[]; readonly authorities?: string | undefined; readonly port?: number } = {}) =>
  trustedTarget(
    { ...source, host, port: over.port ?? 5432 },
    { own: [source], hosts: over.hosts ?? [], authorities: "authorities" in over ? over.authorities : "/rds.pem" },
  );

test("the config's own address, and this machine, are reached as the URL says", () => {
  expect(to(source.host)).toEqual(source);
  expect(to("127.0.0.1", { port: 6000 })).toEqual({ ...source, host: "127.0.0.1", port: 6000 });
});

test("an instance that Nightshift made beside it must prove who it is, and never sees the password itself", () => {
  const target = to("nightshift-verify-shop.c1a2b3.eu-central-1.rds.amazonaws.com");
  expect(target).toMatchObject({ sslMode: "verify-full", sslRootCert: "/rds.pem", scramOnly: true, password: "secret" });
  expect(clientEnvironment(target)).toMatchObject({ PGSSLMODE: "verify-full", PGSSLROOTCERT: "/rds.pem", PGREQUIREAUTH: "scram-sha-256" });
  expect(clientEnvironment(source)).not.toHaveProperty("PGREQUIREAUTH");
});

test.each([
  "attacker.example",
  "nightshift-verify-shop.zzzzzz.eu-central-1.rds.amazonaws.com",
  "nightshift-verify-shop.c1a2b3.eu-west-1.rds.amazonaws.com",
  "nightshift-verify-shop.attacker.c1a2b3.eu-central-1.rds.amazonaws.com",
  "nightshift-verify-shopXc1a2b3.eu-central-1.rds.amazonaws.com",
  "other-db.c1a2b3.eu-central-1.rds.amazonaws.com",
])("%s is no host that the password may go to, and the refusal holds no password", (host) => {
  expect(() => to(host)).toThrow(/^(?!.*secret).*is no host that the password may go to/);
});

test("a host that the task's definition names is reached, and checked", () => {
  expect(to("db.internal", { hosts: ["db.internal"] })).toMatchObject({ sslMode: "verify-full", scramOnly: true });
  expect(() => to("db.internal.attacker.example", { hosts: ["db.internal"] })).toThrow("is no host");
  expect(() => to("dbxinternal", { hosts: ["db.internal"] })).toThrow("is no host");
  expect(() => to("db.internal", { hosts: [""] })).toThrow("is no host");
});

test("without authorities nothing is sent, and what is needed is said", () => {
  expect(() => to("db.internal", { hosts: ["db.internal"], authorities: undefined })).toThrow("NIGHTSHIFT_DATABASE_CA");
});
