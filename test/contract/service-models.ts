import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** A shape of an AWS service model, as far as it is checked here. */
interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly max?: number;
}

/** AWS's own description of one service: botocore's `service-2.json`. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The newest model of a service in botocore's data folder. */
export function readModel(folder: string, service: string): ServiceModel {
  const newest = readdirSync(path.join(folder, service)).sort().at(-1) ?? "";
  const bytes = readFileSync(path.join(folder, service, newest, "service-2.json.gz"));
  return JSON.parse(gunzipSync(bytes).toString("utf8")); // botocore's own file format
}

/** What is wrong with a value by its shape: unknown and missing members, other types, values outside an enumeration, lists that are too long. */
export function problems(model: ServiceModel, shapeName: string, value: unknown, where: string): readonly string[] {
  const shape = model.shapes[shapeName];
  if (shape === undefined) return [`${where}: the model has no shape ${shapeName}`];
  if (value === undefined) return [];
  switch (shape.type) {
    case "structure":
      return structureProblems(model, shape, value, where);
    case "list":
      if (!Array.isArray(value)) return [`${where}: expected a list`];
      return [
        ...(shape.max !== undefined && value.length > shape.max ? [`${where}: more than ${shape.max} items`] : []),
        ...value.flatMap((item, i) => problems(model, shape.member?.shape ?? "", item, `${where}[${i}]`)),
      ];
    case "map":
      return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => problems(model, shape.value?.shape ?? "", item, `${where}.${key}`))
        : [`${where}: expected a map`];
    case "string":
      if (typeof value !== "string") return [`${where}: expected text`];
      return shape.enum === undefined || shape.enum.includes(value) ? [] : [`${where}: ${value} is not one of ${shape.enum.join(", ")}`];
    case "integer":
    case "long":
    case "double":
    case "float":
      return typeof value === "number" ? [] : [`${where}: expected a number`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${where}: expected true or false`];
    case "timestamp":
      return value instanceof Date ? [] : [`${where}: expected a Date`];
    default:
      return [];
  }
}

function structureProblems(model: ServiceModel, shape: Shape, value: unknown, where: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${where}: expected a structure`];
  const members = shape.members ?? {};
  const missing = (shape.required ?? []).filter((name) => Reflect.get(value, name) === undefined).map((name) => `${where}.${name}: required`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, inner]) => {
      const member = members[name];
      if (name === "$metadata" || inner === undefined) return [];
      return member === undefined ? [`${where}.${name}: the service has no such member`] : problems(model, member.shape, inner, `${where}.${name}`);
    }),
  ];
}
