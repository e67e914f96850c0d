import { expect, test } from "vitest";
import { serverIdentity } from "./identity.ts";

const passwd = ["root:x:0:0:root:/root:/bin/bash", "nobody:x:65534:65533:nobody:/:/usr/sbin/nologin"];

test("an ordinary user runs the server as itself", () => {
  expect(serverIdentity(1000, () => "")).toBeUndefined();
});

test("root runs the server as postgres, and as nobody where there is no postgres", () => {
  expect(serverIdentity(0, () => [...passwd, "postgres:x:101:104::/var/lib/postgresql:/bin/bash"].join("\n"))).toEqual({ uid: 101, gid: 104 });
  expect(serverIdentity(0, () => passwd.join("\n"))).toEqual({ uid: 65534, gid: 65533 });
});

test("root without either is told so", () => {
  expect(() => serverIdentity(0, () => passwd[0] ?? "")).toThrow("neither a user postgres nor nobody");
});
