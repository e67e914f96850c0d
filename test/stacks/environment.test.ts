import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { manifests } from "../../functions/index.ts";
import { root } from "./bundle.ts";
import { type Stage, synthChild } from "./synth-child.ts";

let dev: Stage;
beforeAll(async () => {
  dev = await synthChild("dev");
});

const logical = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** The variables that a function's source asks for, by their names in the text. */
function asked(name: string): readonly string[] {
  const files = ["handler.ts", ...(name === "ingress" ? ["entry-door.ts"] : [])];
  const text = files.map((file) => readFileSync(path.join(root, "functions", name, file), "utf8")).join("\n");
  const named = [...text.matchAll(/"([A-Z][A-Z0-9_]{4,})"/g)].flatMap((match) => match[1] ?? []);
  // Lambda sets the region, the account's keys and nothing else of these.
  const ours = named.filter((one) => !one.startsWith("AWS_") && one !== "SLACK_API_URL");
  const slack = text.includes("lambdaWorldWithSlack")
    ? ["SLACK_TOKEN_PARAMETER", "PAGE_P1_TOPIC_ARN", "PAGE_P2_TOPIC_ARN", "PAGE_P3_TOPIC_ARN", "PAGE_P4_TOPIC_ARN"]
    : [];
  return [...new Set(["STAGE", "LEDGER_TABLE", "AUDIT_TABLE", ...ours, ...slack])];
}

test.each(manifests.map(({ name, kind }) => [name, kind]))("%s is given every variable that it asks for at its start", (name, kind) => {
  const { environment } = dev.get("aws:lambda/function:Function", `${logical(name)}${kind === "durable" ? "Handler" : ""}Function`);
  const { variables } = environment as { readonly variables: Readonly<Record<string, string>> }; // Lambda's shape
  expect(asked(name).filter((one) => variables[one] === undefined)).toEqual([]);
});
