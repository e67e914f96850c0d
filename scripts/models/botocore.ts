import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { AwsService } from "@nightshift/lab/kernel";
import { root } from "../tool.ts";
import type { ServiceModel } from "./shape.ts";

const lib = path.join(root, ".venv", "moto", "lib");

/** Where botocore's descriptions are once `npm run test:moto` has made its Python environment; undefined before. */
export function botocoreData(): string | undefined {
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("python")) : undefined;
  const data = path.join(lib, python ?? "", "site-packages", "botocore", "data");
  return python !== undefined && existsSync(data) ? data : undefined;
}

/** The newest description of each service the lab has; botocore uses the same short names as the lab. */
export function readModels(data: string): (service: AwsService) => ServiceModel {
  const read = new Map<AwsService, ServiceModel>();
  return (service) => {
    const known = read.get(service);
    if (known !== undefined) return known;
    // Folders are dates: the last in order is the newest.
    const newest = readdirSync(path.join(data, service)).sort().at(-1) ?? "";
    const model: ServiceModel = JSON.parse(gunzipSync(readFileSync(path.join(data, service, newest, "service-2.json.gz"))).toString("utf8"));
    read.set(service, model);
    return model;
  };
}
