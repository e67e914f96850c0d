import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { root } from "./bundle.ts";
import { region, account } from "./provider.ts";

/** One function that SST asked to be built. */
export interface Build {
  readonly functionID: string;
  readonly handler: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly method: string;
  readonly params: readonly [Build];
}

/** Stands in for the SST binary, which the components ask for the bootstrap bucket and for built functions; those go to `work`. */
export async function serveSst(work: string): Promise<{ readonly url: string; readonly builds: Build[]; close(): void }> {
  const builds: Build[] = [];
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => {
      // The components send this shape (.sst/platform/src/components/rpc).
      const call = JSON.parse(Buffer.concat(body).toString("utf8")) as Call;
      response.end(JSON.stringify({ result: answer(call, builds, work) }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in for the SST binary has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    builds,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer({ method, params: [build] }: Call, builds: Build[], work: string): unknown {
  if (method === "Provider.Aws.Bootstrap") {
    return {
      asset: "sst-asset-mock",
      assetEcrRegistryId: account,
      assetEcrUrl: `${account}.dkr.ecr.${region}.amazonaws.com/sst-asset`,
      state: "sst-state-mock",
      appsyncHttp: "",
      appsyncRealtime: "",
    };
  }
  if (method !== "Runtime.Build") return {};
  builds.push(build);
  const out = path.join(work, "built", build.functionID);
  const dot = build.handler.lastIndexOf(".");
  if (![".ts", ".mts", ".js", ".mjs"].some((end) => existsSync(path.join(root, build.handler.slice(0, dot) + end)))) {
    return { handler: "", out, errors: [`Handler not found: ${build.handler}`], sourcemaps: [] };
  }
  // What the bundles hold is the business of `npm run sizes`; here a stub is enough.
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, "bundle.mjs"), `export const ${build.handler.slice(dot + 1)} = () => {};`);
  return { handler: `bundle.${build.handler.slice(dot + 1)}`, out, errors: [], sourcemaps: [] };
}
