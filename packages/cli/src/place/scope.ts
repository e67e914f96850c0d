import type { Resolved } from "@nightshift/config";
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
