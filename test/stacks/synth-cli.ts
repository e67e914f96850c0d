import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { synth } from "./synth.ts";

// `node synth-cli.ts STAGE` prints every resource of the stage as one line of JSON, or {"error"} and exit code 1.
// SST ends physical names in random letters; with this the same stacks give the same bytes.
Object.assign(crypto, { randomBytes: (size: number) => Buffer.alloc(size, 7) });
syncBuiltinESMExports();

function fail(error: unknown): never {
  process.stdout.write(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  process.exit(1);
}

// A failing component rejects many promises at once; the first says why.
process.on("unhandledRejection", fail);
try {
  process.stdout.write(JSON.stringify(await synth(process.argv[2] ?? "test")));
} catch (error) {
  fail(error);
}
