import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundleConfig, platform, root } from "./bundle.ts";
import { answer, type Attributes, computed, region } from "./provider.ts";
import { type Build, serveSst } from "./rpc.ts";

/** One resource that the stacks asked for. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Attributes;
  readonly retained: boolean;
  readonly protected: boolean;
}

/** Everything that a deployment of one stage would ask Pulumi for. */
export interface Synth {
  readonly app: { readonly name: string; readonly stage: string; readonly removal: string };
  readonly resources: readonly Resource[];
  readonly builds: readonly Build[];
  readonly outputs: Attributes;
}

interface ResourceArgs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Attributes;
  readonly custom: boolean;
  readonly id?: string;
}
interface Options {
  readonly retainOnDelete?: boolean;
  readonly protect?: boolean;
}

/** The few functions of Pulumi's own runtime that are used; its types live in .sst/platform, which may not be there. */
interface Pulumi {
  readonly runtime: {
    setMocks(
      mocks: { newResource(args: ResourceArgs): unknown; call(args: { token: string; inputs: Attributes }): unknown },
      project: string,
      stack: string,
      preview: boolean,
      organization: string,
    ): Promise<void>;
    runInPulumiStack(program: () => Promise<Attributes>): Promise<Attributes>;
    registerStackTransformation(transform: (args: { type: string; name: string; opts: Options }) => undefined): void;
  };
}
interface Program {
  run(program: () => Promise<Attributes>): Promise<Attributes>;
  readonly mod: {
    app(input: { stage: string }): { name: string; removal?: string; protect?: boolean; providers?: Attributes };
    run(): Promise<Attributes>;
  };
}

/**
 * Runs `run()` of sst.config.ts with SST's real components under Pulumi's runtime mocks: no engine, no provider, no network.
 * One run a process: SST and Pulumi keep state in their modules.
 */
export async function synth(stage: string): Promise<Synth> {
  const inPlatform = createRequire(path.join(platform, "package.json"));
  // The casts name the part of an untyped module that is used; see the interfaces above.
  const pulumi = inPlatform("@pulumi/pulumi") as Pulumi;
  const { waitForRPCs } = inPlatform("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };
  const { withLocalStorage } = inPlatform("@pulumi/pulumi/runtime/state") as { withLocalStorage<T>(inside: () => Promise<T>): Promise<T> };
  // Stages are synthesized side by side; each needs a folder for its zips.
  const work = mkdtempSync(path.join(tmpdir(), "nightshift-synth-"));
  const sst = await serveSst(work);
  Object.assign(process.env, { SST_SERVER: sst.url, SST_AWS_REGION: region });
  const paths = { home: path.join(root, ".sst/home"), root, work, platform };
  Object.assign(globalThis, {
    $cli: { command: "deploy", dev: false, paths, state: { version: {} } },
    $dev: false,
    $app: { name: "pending", stage, removal: "remove", providers: {}, protect: false },
  });

  const { run, mod } = (await import(pathToFileURL(await bundleConfig()).href)) as Program;
  const app = mod.app({ stage });
  const removal = app.removal ?? "retain";
  Object.assign(globalThis, { $app: { name: app.name, stage, removal, providers: app.providers ?? {}, protect: app.protect ?? false } });

  const asked: ResourceArgs[] = [];
  const options = new Map<string, Options>();
  try {
    const outputs = await withLocalStorage(async () => {
      await pulumi.runtime.setMocks(
        {
          newResource(args) {
            asked.push(args);
            return args.custom ? { id: args.id || `${args.name}-id`, state: computed(args.type, args.name, args.inputs) } : { id: "", state: args.inputs };
          },
          call: ({ token, inputs }) => answer(token, inputs),
        },
        app.name,
        stage,
        false,
        "organization",
      );
      const result = await pulumi.runtime.runInPulumiStack(() => {
        // Mocks never see a resource's options; a stack transformation does.
        pulumi.runtime.registerStackTransformation(({ type, name, opts }) => void options.set(`${type} ${name}`, opts));
        return run(mod.run);
      });
      await waitForRPCs();
      return result;
    });
    const resources = asked
      .filter(({ custom }) => custom)
      .map(({ type, name, inputs }) => {
        const { retainOnDelete = false, protect = false } = options.get(`${type} ${name}`) ?? {};
        return { type, name, inputs, retained: retainOnDelete, protected: protect };
      });
    // Promises settle in an order of their own; what is deployed has none.
    resources.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
    sst.builds.sort((a, b) => (a.functionID < b.functionID ? -1 : 1));
    return { app: { name: app.name, stage, removal }, resources, builds: sst.builds, outputs };
  } finally {
    sst.close();
    rmSync(work, { recursive: true, force: true });
  }
}
