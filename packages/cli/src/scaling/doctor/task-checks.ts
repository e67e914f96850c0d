import { sayLength, seconds } from "@nightshift/model";
import { type Checkup, right, unseen, type WorkerCheck, type WorkerPatient } from "./facts.ts";

/** ECS's own default and what Fargate allows. Source: "ContainerDefinition", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, 2026-11-21. */
const byDefault = seconds(30);
const mostOnFargate = seconds(120);

const READ = "give this command credentials that may call ecs:DescribeServices and ecs:DescribeTaskDefinition (docs/permissions.md), then look again";

/** The containers that were read, each judged; or why they were not. */
function each(
  { definition }: WorkerPatient,
  judge: (container: Extract<WorkerPatient["definition"], { ok: true }>["value"]["containers"][number]) => readonly Checkup[],
): readonly Checkup[] {
  return definition.ok ? definition.value.containers.flatMap(judge) : unseen(definition, READ);
}

/** How long a worker that is stopped may finish what it runs. */
export const stopTimeout: WorkerCheck = {
  id: "S3",
  title: "stopTimeout",
  look: (patient) => {
    const fargate = patient.definition.ok && patient.definition.value.fargate;
    return each(patient, ({ name, stopTimeout: set = byDefault }) => {
      const found = `${name}: ${sayLength(set)}${set === byDefault ? ", which is ECS's default," : ""} from SIGTERM to SIGKILL`;
      const config = patient.settings.stopTimeout === set ? "" : `; the config says ${sayLength(patient.settings.stopTimeout)}`;
      if (set >= mostOnFargate && config === "") return right(found);
      const takes = patient.taskSeconds.ok ? `; a task takes ${patient.taskSeconds.value.toFixed(1)} s` : "";
      return [
        {
          kind: "wrong",
          severity: set >= mostOnFargate ? "note" : "warning",
          found: `${found}${takes}${config}`,
          right: `${sayLength(mostOnFargate)}${fargate ? ", the most that Fargate allows" : " or more"}: deployments, Spot and failed hosts stop workers too, and Nightshift only drains before its own scale-ins`,
          next: `set "stopTimeout": ${Math.max(set, mostOnFargate) / 1_000} in the container definition, deploy, then stopTimeout: seconds(${Math.max(set, mostOnFargate) / 1_000}) in nightshift.config.ts`,
        },
      ];
    });
  },
};

/** A cold shutdown in place of a warm one. Celery 5.6.3 acknowledged and lost the running late-acked task in 9 of 9 runs of ours; 5.2.6 put it back in 3 of 3. */
export const remap: WorkerCheck = {
  id: "S4",
  title: "REMAP_SIGTERM",
  look: (patient) =>
    each(patient, ({ name, remapSigterm }) =>
      remapSigterm === undefined
        ? right(`${name}: REMAP_SIGTERM is not set in the task definition; an image or an --env-file may still set it`)
        : [
            {
              kind: "wrong",
              severity: "danger",
              found: `${name}: REMAP_SIGTERM=${remapSigterm === "SIGQUIT" ? "SIGQUIT" : "…"}: ECS's stop becomes a cold shutdown, and Celery 5.6.3 acknowledges the running task and loses it, even with acks_late`,
              right: "not set: plain SIGTERM lets the running task finish",
              next: "remove REMAP_SIGTERM from the task definition; try your exact Celery version before you rely on it",
            },
          ],
    ),
};

const shells = ["sh", "/bin/sh", "bash", "/bin/bash"];

/** A shell as process 1 keeps SIGTERM for itself. */
export const shellForm: WorkerCheck = {
  id: "S7",
  title: "command",
  look: (patient) =>
    each(patient, ({ name, command, entryPoint }) => {
      const words = [...entryPoint, ...command];
      const [program = "", flag = ""] = words;
      if (command.length === 0)
        return unseen(
          { because: `${name}: the command is the image's own, which ECS does not show` },
          'look at the last CMD of the Dockerfile: ["celery", …] hears SIGTERM, `CMD celery …` does not',
        );
      if (!shells.includes(program) || !flag.startsWith("-")) return right(`${name}: ${[program, flag].join(" ").trim()} … runs without a shell`);
      if (/^\s*exec\s/.test(words.at(2) ?? "") || /[;&]\s*exec\s/.test(words.at(2) ?? "")) return right(`${name}: the shell hands over with exec`);
      return [
        {
          kind: "wrong",
          severity: "danger",
          found: `${name}: ${program} ${flag} … is process 1, and may keep SIGTERM from Celery: every stop is a kill after the stop timeout`,
          right: "Celery as process 1",
          next: `write the command as a list, ["celery", "-A", …], or put exec before celery: ${program} ${flag} "exec celery …"`,
        },
      ];
    }),
};
