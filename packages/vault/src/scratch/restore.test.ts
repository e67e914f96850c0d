import { expect, test } from "vitest";
import { listWithout, partsOf, passesOf } from "./restore.ts";

test("an extension that the scratch server need not have is left out with its comment, and nothing else is", () => {
  const list = [
    "; Archive created at 2026-03-14 02:00:01 UTC",
    "2; 3079 16385 EXTENSION - aws_s3 ",
    "3401; 0 0 COMMENT - EXTENSION aws_s3 ",
    "3; 3079 16390 EXTENSION - aws_s3_more ",
    "215; 1259 16400 TABLE public aws_s3 app",
    "3402; 0 0 COMMENT public TABLE aws_s3 app",
  ].join("\n");
  expect(listWithout(list, ["aws_s3"]).split("\n")).toEqual([
    "; Archive created at 2026-03-14 02:00:01 UTC",
    "3; 3079 16390 EXTENSION - aws_s3_more ",
    "215; 1259 16400 TABLE public aws_s3 app",
    "3402; 0 0 COMMENT public TABLE aws_s3 app",
  ]);
});

test("indexes of partitions are attached by one worker alone, after every index is built and before what needs them", () => {
  const list = [
    "; Archive created at 2026-03-14 02:00:01 UTC",
    "215; 1259 16400 TABLE public orders app",
    "4130; 0 16400 TABLE DATA public orders_a app",
    "3918; 1259 17515 INDEX public orders_a_idx app",
    "3958; 0 0 INDEX ATTACH public orders_a_idx app",
    "3959; 0 0 INDEX ATTACH public orders_b_idx app",
    "3919; 1259 17516 INDEX public other_idx app",
    "3917; 2606 17440 CONSTRAINT public orders orders_pkey app",
    "3971; 2606 17525 FK CONSTRAINT public lines lines_order_fkey app",
  ];
  expect(passesOf(list.join("\n"))).toEqual([
    { list: [list[0], list[1], list[2], list[3], list[6], list[7]].join("\n"), alone: false },
    { list: [list[4], list[5]].join("\n"), alone: true },
    { list: list[8], alone: false },
  ]);
});

test("an archive without partitions is restored in one pass", () => {
  expect(passesOf("215; 1259 16400 TABLE public orders app\n3918; 1259 17515 INDEX public orders_idx app")).toEqual([
    { list: "215; 1259 16400 TABLE public orders app\n3918; 1259 17515 INDEX public orders_idx app", alone: false },
  ]);
});

test("for a role that is no superuser schemas come first, and at the end what needs, sets off or replaces the rights on them", () => {
  const [schema, table, right, refresh, onTable, trigger] = [
    "7; 2615 16385 SCHEMA - shop app",
    "215; 1259 16400 TABLE shop orders app",
    "3402; 0 0 ACL - SCHEMA shop app",
    "4131; 0 16402 MATERIALIZED VIEW DATA shop busy shop_owner",
    "3403; 0 0 ACL shop TABLE orders app",
    "3404; 3466 16500 EVENT TRIGGER - watch app",
  ];
  const list = [schema, table, right, refresh, onTable, trigger].join("\n");
  expect(partsOf(list, true)).toEqual({ schemas: schema, rest: `${table}\n${onTable}`, rights: `${right}\n${refresh}\n${trigger}` });
  expect(partsOf(list, false)).toEqual({ schemas: "", rest: list, rights: "" });
});
