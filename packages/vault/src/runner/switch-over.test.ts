import { expect, test } from "vitest";
import { literal, quoted, switchOverSteps } from "./switch-over.ts";

test("a restored database takes the place of the one that serves by two renames, and back by two", () => {
  const steps = switchOverSteps({
    restored: "shop_restored_260314_0200",
    serving: "shop",
    putAside: "shop_before_260314_0200",
    safety: "shop-260314-0200-safety",
  });
  expect(steps).toEqual([
    "In shop_restored_260314_0200: ANALYZE; (a restored database has no statistics)",
    "Stop what writes: scale the services to 0, or put them into maintenance.",
    "In another database of that server: ALTER DATABASE shop ALLOW_CONNECTIONS false;",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop';",
    "ALTER DATABASE shop RENAME TO shop_before_260314_0200;",
    "ALTER DATABASE shop_restored_260314_0200 RENAME TO shop;",
    "Start the services again, and look whether they are well.",
    "To go back: the two renames the other way round, then ALTER DATABASE shop ALLOW_CONNECTIONS true;",
    "What was written between the backup and now is in shop_before_260314_0200, and in the safety copy shop-260314-0200-safety.",
    "When nobody needs it any more: DROP DATABASE shop_before_260314_0200;",
  ]);
});

test("a database of its own name needs no rename", () => {
  expect(switchOverSteps({ restored: "shop", serving: undefined, putAside: "x", safety: undefined })).toEqual([
    "Point the application at the database shop; analyze it first: ANALYZE;",
  ]);
});

test("names and texts are quoted whatever is in them", () => {
  expect([quoted("shop"), quoted("Shop"), quoted('a"b'), literal("it's"), literal("a\\b")]).toEqual(["shop", '"Shop"', '"a""b"', "'it''s'", "E'a\\\\b'"]);
});
