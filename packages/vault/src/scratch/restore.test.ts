import { expect, test } from "vitest";
import { listWithout } from "./restore.ts";

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
