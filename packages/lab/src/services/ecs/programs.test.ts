import { seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { TestKernel } from "../../world/testKernel.ts";
import type { EcsAccount } from "./account.ts";
import { type Program, Programs, type TaskProcess } from "./programs.ts";
import type { ServiceRecord, TaskRecord } from "./records.ts";

/** A task of a service whose container has this `stopTimeout`, and a program that leaves so long after SIGTERM; undefined: never. */
function playing({ stopTimeout, leaves }: { readonly stopTimeout?: number; readonly leaves: number | undefined }) {
  const kernel = new TestKernel();
  // What programs read of the account, of a service and of a task.
  const account = { kernel, options: { leaves: seconds(2) } } as unknown as EcsAccount;
  const service = { name: "worker", cluster: "shop", tasks: [] as TaskRecord[] } as unknown as ServiceRecord;
  const task = {
    ...{ id: "t1", arn: "arn:task/t1", ip: "10.0.0.5", service, capacityProvider: "FARGATE_SPOT" },
    revision: { taskDefinition: { containers: [stopTimeout === undefined ? {} : { stopTimeout }] } },
  } as unknown as TaskRecord;
  Reflect.set(service, "tasks", [task]);
  const said: [number, string][] = [];
  const began = kernel.clock.now();
  const say = (what: string) => said.push([(kernel.clock.now() - began) / 1_000, what]);
  const program: Program = {
    started: (process: TaskProcess) => say(`started ${process.ip}${process.spot ? " spot" : ""}`),
    terminate: (_process, exit) => {
      say("SIGTERM");
      if (leaves !== undefined) kernel.clock.in(seconds(leaves), exit);
    },
    ended: (_process, how) => say(how),
  };
  return { kernel, programs: new Programs(account), service, task, program, said, say };
}

const stopped = (stopTimeout: number | undefined, leaves: number | undefined) => {
  const { kernel, programs, service, task, program, said, say } = playing({ ...(stopTimeout === undefined ? {} : { stopTimeout }), leaves });
  programs.run(service, program);
  programs.started(task);
  programs.terminate(task, (code) => say(`exit ${code}`));
  kernel.pass(seconds(300));
  return { said, killed: kernel.history.filter((line) => line.kind === "world" && line.what === "task-killed").length };
};

describe("a program in a task", () => {
  it("that leaves in time after SIGTERM exits with 0", () => {
    expect(stopped(undefined, 29)).toEqual({
      said: [
        [0, "started 10.0.0.5 spot"],
        [0, "SIGTERM"],
        [29, "exited"],
        [29, "exit 0"],
      ],
      killed: 0,
    });
  });

  it.each([
    [undefined, 30],
    [100, 100],
    [120, 120],
    [600, 120],
  ])("with a stopTimeout of %s is killed %i s after SIGTERM, and that is in the history", (stopTimeout, at) => {
    expect(stopped(stopTimeout, undefined)).toEqual({
      said: [
        [0, "started 10.0.0.5 spot"],
        [0, "SIGTERM"],
        [at, "killed"],
        [at, "exit 137"],
      ],
      killed: 1,
    });
  });

  it("that begins after its tasks did is started in those that run", () => {
    const { programs, service, task, program, said } = playing({ leaves: 0 });
    programs.started(task);
    programs.run(service, program);
    expect(said).toEqual([[0, "started 10.0.0.5 spot"]]);
  });

  it("that died by itself is ended once, with whatever it did", () => {
    const { programs, service, task, program, said } = playing({ leaves: 0 });
    programs.run(service, program);
    programs.started(task);
    programs.died(task);
    programs.died(task);
    expect(said.map(([, what]) => what)).toEqual(["started 10.0.0.5 spot", "killed"]);
  });

  it("is not needed: a container without one leaves as the world says", () => {
    const { kernel, programs, task, said, say } = playing({ leaves: 0 });
    programs.started(task);
    programs.terminate(task, (code) => say(`exit ${code}`));
    kernel.pass(seconds(10));
    expect(said).toEqual([[2, "exit 0"]]);
  });
});
