import { expect, test } from "vitest";
import { AddressError, clientEnvironment, readAddress, sayAddress } from "./address.ts";

test("an address is read with its encoded password, and said without it", () => {
  const address = readAddress("postgres://app:p%40ss@db.internal:5433/shop?sslmode=require");
  expect(address).toEqual({ host: "db.internal", port: 5433, user: "app", password: "p@ss", database: "shop", sslMode: "require", sslRootCert: undefined });
  expect(sayAddress(address)).toBe("shop on db.internal:5433");
  expect(clientEnvironment(address)["PGPASSWORD"]).toBe("p@ss");
});

test("what is left out comes from the PG variables; what is given stands over them", () => {
  const environment = { PGUSER: "other", PGPASSWORD: "from the environment", PGDATABASE: "other", PGPORT: "6000" };
  expect(readAddress("postgres://app@db.internal/shop", environment)).toMatchObject({
    user: "app",
    database: "shop",
    password: "from the environment",
    port: 6000,
  });
  expect(readAddress("postgres://db.internal", environment)).toMatchObject({ user: "other", database: "other" });
});

test("a socket's directory is a host", () => {
  expect(readAddress("postgresql://app@/shop?host=/run/postgresql")).toMatchObject({ host: "/run/postgresql", user: "app", database: "shop" });
});

test("an address that cannot be used is refused without repeating it", () => {
  const said = (url: string): string => {
    try {
      readAddress(url);
    } catch (error) {
      if (error instanceof AddressError) return error.message;
    }
    return "";
  };
  expect(said("postgres://app:secret@db internal/shop")).toContain("cannot be read");
  expect(said("mysql://app:secret@db/shop")).toContain("begins with mysql://");
  expect(said("postgres://:secret@db")).toContain("lacks a user and a database");
  for (const url of ["postgres://app:secret@db internal/shop", "mysql://app:secret@db/shop", "postgres://:secret@db"])
    expect(said(url)).not.toContain("secret");
});
