import { execFile } from "node:child_process";
import path from "node:path";
import type { Attributes } from "./provider.ts";
import type { Resource, Synth } from "./synth.ts";

/** A stage as it would be deployed, with questions one can ask of it. */
export interface Stage extends Synth {
  of(type: string): readonly Resource[];
  /** The one resource of this type and logical name. @throws with the names there are. */
  get(type: string, name: string): Attributes;
}

/** Synthesizes one stage in a process of its own, so that one bad handler is one clean error. */
export async function synthChild(stage: string, environment: Readonly<Record<string, string>> = secrets): Promise<Stage> {
  const said = await new Promise<string>((resolve, reject) => {
    const options = { maxBuffer: 64 << 20, env: { ...process.env, NODE_OPTIONS: "", ...environment } };
    execFile(process.execPath, ["--no-warnings", path.join(import.meta.dirname, "synth-cli.ts"), stage], options, (error, out, complaint) => {
      if (out.startsWith("{")) resolve(out);
      else reject(new Error(`the synthesis said nothing: ${complaint}`, { cause: error }));
    });
  });
  // Our own child wrote it.
  const result = JSON.parse(said) as Synth | { readonly error: string };
  if ("error" in result) throw new Error(result.error);
  const of = (type: string): readonly Resource[] => result.resources.filter((resource) => resource.type === type);
  return {
    ...result,
    of,
    get(type, name) {
      const found = of(type).find((resource) => resource.name === name);
      if (found === undefined)
        throw new Error(
          `no ${type} ${name}; there are ${of(type)
            .map((resource) => resource.name)
            .join(", ")}`,
        );
      return found.inputs;
    },
  };
}

/** What `sst secret set` would have stored; SST passes secrets in these variables. */
const secrets = {
  SST_SECRET_SlackBotToken: `${"xoxb"}-test-token`,
  SST_SECRET_SlackSigningSecret: "test-signing-secret",
  SST_SECRET_ShopBroker: "rediss://shop:test-broker-password@broker.example:6379/0",
  SST_SECRET_ShopDatabase: "postgres://shop:test-database-password@database.example:5432/shop",
  SST_SECRET_ShopRestore: "postgres://restore:test-restore-password@database.example:5432/shop",
};
