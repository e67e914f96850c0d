import type { Resolved } from "@nightshift/config";
import type { GuardedService, WorkerSettings } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";
import { nearest } from "../frame/nearest.ts";

/** What a hold is about: everything, a group, or a service that the config knows. @throws {Refusal} for a slip, because a hold on it would hold nothing. */
export function scopeOf(word: string, config: Resolved & { readonly file: string }): string {
  const services = config.groups.flatMap((group) => group.services.map((service): string => service.name));
  const known = ["all", ...config.groups.map((group) => group.group), ...services];
  if (known.includes(word)) return word;
  const close = nearest(word, known);
  throw new Refusal(
    `"${word}" is neither a service nor a group of ${config.file}${close === undefined ? "" : `; did you mean "${close}"?`} Nothing was changed. It knows ${services.join(", ")}, and "all".`,
  );
}

/** A service of the config. @throws {Refusal} for a name it does not know. */
export function serviceOf(word: string, config: Resolved & { readonly file: string }): GuardedService {
  const services = config.groups.flatMap((group) => group.services);
  const found = services.find((service) => service.name === word);
  if (found !== undefined) return found;
  const names = services.map((service): string => service.name);
  const close = nearest(word, names);
  throw new Refusal(`"${word}" is not a service of ${config.file}${close === undefined ? "." : `; did you mean "${close}"?`} It knows ${names.join(", ")}.`);
}

/** A worker service of the config. @throws {Refusal} for a name that has no section under workers. */
export function workerOf(word: string, config: Resolved & { readonly file: string }): WorkerSettings {
  const found = config.workers.find((worker) => worker.service === word);
  if (found !== undefined) return found;
  const names = config.workers.map(({ service }): string => service);
  const close = nearest(word, names);
  const known = names.length === 0 ? "It has no workers at all: docs/scaling.md shows how to add one." : `It knows ${names.join(", ")}.`;
  throw new Refusal(`"${word}" is not under workers of ${config.file}${close === undefined ? "." : `; did you mean "${close}"?`} ${known}`);
}
