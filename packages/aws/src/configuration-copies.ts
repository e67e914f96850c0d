import { createHash } from "node:crypto";
import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetParametersByPathCommand, type Parameter } from "@aws-sdk/client-ssm";
import { guarded } from "@nightshift/model/guards";
import { type ConfigurationCopies, PortError } from "@nightshift/ports";
import { canonicalJson } from "./canonical.ts";
import { readDefinition } from "./definitions.ts";
import { isFault } from "./faults.ts";
import { allPages } from "./pages.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";
import { redact } from "./redact.ts";

/** The most that one call tells. Source: "GetParametersByPath" (MaxResults), https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html, 2026-11-21. */
const parametersPerCall = 10;
// 1,000 parameters under one path.
const parameterPages = 100;
/** Tells a later release how to read a copy. */
const SCHEMA = 1;

/**
 * What a region would be rebuilt from, as text without secrets: a SecureString has a name and a version, and a value that looks
 * like a secret by itself or by its name is withheld, too. Nothing is decrypted.
 * `read`: 1 call a task definition, 1 for ten parameters. `keep`: 1, 2 when something stands there.
 */
export const configurationCopiesFrom = (reach: Reach, bucket: () => string): ConfigurationCopies => ({
  async read({ taskDefinitions, parameterPaths }) {
    const definitions: unknown[] = [];
    for (const name of [...new Set(taskDefinitions)].sort()) definitions.push(definitionFrom((await readDefinition(reach, name)).definition));
    const parameters: unknown[] = [];
    for (const path of [...new Set(parameterPaths)].sort()) parameters.push(...(await readParameters(reach, path)).map(parameterFrom));
    return `${canonicalJson({ schema: SCHEMA, taskDefinitions: definitions, parameters })}\n`;
  },
  keep: (key, text) => keepOnce(reach, bucket(), { key, text }),
});

async function readParameters({ connections, calls }: Reach, path: string): Promise<readonly Parameter[]> {
  const call = { operation: "ssm:GetParametersByPath", on: path };
  const found = await allPages(call, parameterPages, async (NextToken) => {
    const input = { Path: path, Recursive: true, WithDecryption: false, MaxResults: parametersPerCall, ...(NextToken === undefined ? {} : { NextToken }) };
    const answer = await calls.read(call, async () => (await connections.ssm()).send(new GetParametersByPathCommand(input)));
    return { items: answer.Parameters ?? [], next: answer.NextToken };
  });
  return found.toSorted((a, b) => ((a.Name ?? "") < (b.Name ?? "") ? -1 : 1));
}

/** Only what is known not to be secret keeps its value: an unknown type does not. */
const parameterFrom = ({ Name: name = "", Type: type, Value: value = "", Version: version, DataType: dataType }: Parameter) => ({
  name,
  type,
  version,
  dataType,
  ...(type === "String" || type === "StringList" ? { value: withoutSecrets(name, value) } : {}),
});

/** Everything that can be registered again; who registered it when is left out, so that the same definition gives the same text. */
const definitionFrom = ({ registeredAt: _at, registeredBy: _by, deregisteredAt: _gone, ...definition }: TaskDefinition): unknown => cleaned(definition, "");

/** Texts at every depth without secrets, by the name that they stand under or, in a list of variables, beside. */
function cleaned(value: unknown, name: string): unknown {
  if (typeof value === "string") return withoutSecrets(name, value);
  if (Array.isArray(value)) return value.map((inner) => cleaned(inner, name));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const fields = Object.entries(value);
  const [, beside] = fields.find(([field]) => field === "name") ?? [];
  return Object.fromEntries(
    fields.map(([field, inner]) => [field, field === "name" ? inner : cleaned(inner, field === "value" && typeof beside === "string" ? beside : field)]),
  );
}

/** A value without what looks like a secret in it, and without all of it where its name says that it is one. The name of a secret is none. */
function withoutSecrets(name: string, value: string): string {
  if (value.startsWith("arn:")) return value;
  const last = name.split("/").at(-1) ?? "";
  return redact(`${last}="x"`).endsWith('="x"') ? redact(value) : "[secret]";
}

/** Source: "PutObject" (If-None-Match), https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, 2026-11-21. */
async function keepOnce(reach: Reach, bucket: string, { key, text }: { readonly key: string; readonly text: string }) {
  const { connections, calls } = reach;
  const call = { operation: "s3:PutObject", on: `${bucket}/${key}` };
  const body = Buffer.from(text, "utf8");
  const hash = createHash("sha256").update(body).digest();
  const input = { Bucket: bucket, Key: key, Body: body, ContentType: "application/json", ChecksumSHA256: hash.toString("base64") };
  const kept = { key, sha256: hash.toString("hex") };
  try {
    const once = guarded("a copy of the configuration is never written over", { IfNoneMatch: "*" });
    await calls.change(call, async () => (await connections.s3()).send(new PutObjectCommand({ ...input, ...once })));
    return kept;
  } catch (error) {
    if (!isFault(error, "PreconditionFailed")) throw error;
    if ((await readText(reach, bucket, key)) === text) return kept;
    throw new PortError("conflict", call.operation, call.on, "another copy stands under this key; choose another key", error);
  }
}

async function readText({ connections, calls }: Reach, bucket: string, key: string): Promise<string> {
  const call = { operation: "s3:GetObject", on: `${bucket}/${key}` };
  const answer = await calls.read(call, async () => (await connections.s3()).send(new GetObjectCommand({ Bucket: bucket, Key: key })));
  return need(call, "Body", answer.Body).transformToString("utf-8");
}
