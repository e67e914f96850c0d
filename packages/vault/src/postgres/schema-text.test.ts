import { expect, test } from "vitest";
import { digestSchema } from "./schema-text.ts";

const object = (name: string, type: string, body: string): string => `--\n-- Name: ${name}; Type: ${type}; Schema: shop; Owner: shop\n--\n\n${body}\n\n\n`;
const text = (token: string, ...objects: readonly string[]): string =>
  `--\n-- PostgreSQL database dump\n--\n\n\\restrict ${token}\n\n-- Dumped from database version 15.18\nSET statement_timeout = 0;\n\n${objects.join("")}--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict ${token}\n`;
const orders = object("orders", "TABLE", "CREATE TABLE shop.orders (\n    id bigint\n);");
const index = object("orders_id", "INDEX", "CREATE INDEX orders_id ON shop.orders USING btree (id);");

test("definitions are the same whatever their order and the dump's own random token", () => {
  expect(digestSchema(text("a1", orders, index))).toEqual(digestSchema(text("b2", index, orders)));
});

test("each object has a name", () => {
  expect(digestSchema(text("a", orders, index)).objects.map((each) => each.object)).toEqual(["INDEX shop.orders_id", "TABLE shop.orders"]);
});

test("one letter in one object changes that object's digest and the whole, and no other object's", () => {
  const was = digestSchema(text("a", orders, index));
  const is = digestSchema(text("a", orders.replace("bigint", "integer"), index));
  expect(is.sha256).not.toBe(was.sha256);
  expect(is.objects[0]).toEqual(was.objects[0]);
  expect(is.objects[1]?.digest).not.toBe(was.objects[1]?.digest);
});

test("session settings between objects are none of theirs", () => {
  const after = orders + "SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\n";
  expect(digestSchema(text("a", after, index))).toEqual(digestSchema(text("a", orders, index)));
});

test("a comment inside a function's body is part of the function", () => {
  const body = (line: string): string => object("f()", "FUNCTION", `CREATE FUNCTION shop.f() RETURNS void LANGUAGE sql AS $$\n${line}\nselect 1 $$;`);
  expect(digestSchema(text("a", body("-- one"))).sha256).not.toBe(digestSchema(text("a", body("-- two"))).sha256);
});

test("two objects of one name (a column's rights) both count", () => {
  const acl = (role: string): string => object("TABLE orders", "ACL", `GRANT SELECT ON TABLE shop.orders TO ${role};`);
  expect(digestSchema(text("a", acl("x"), acl("y")))).toEqual(digestSchema(text("a", acl("y"), acl("x"))));
  expect(digestSchema(text("a", acl("x"), acl("y"))).sha256).not.toBe(digestSchema(text("a", acl("x"))).sha256);
});
