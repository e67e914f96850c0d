import type { Behaviour } from "./behaviour.ts";
import { healthy } from "./behaviours/healthy.ts";
import type { TaskDefinitionRecord } from "../services/ecs/records.ts";

/**
 * Which code behaves how: by the bytes and the environment of every container, so that a re-registered copy
 * behaves as the original did, and the same bytes with another environment may behave otherwise.
 */
export class CodeBook {
  private readonly exact = new Map<string, Behaviour>();
  private readonly byDigest = new Map<string, Behaviour>();
  private readonly good = healthy();

  write(definition: TaskDefinitionRecord, digests: readonly string[], behaviour: Behaviour): void {
    this.exact.set(keyOf(definition, digests), behaviour);
    const first = digests[0];
    if (first !== undefined && !this.byDigest.has(first)) this.byDigest.set(first, behaviour);
  }

  readonly read = (definition: TaskDefinitionRecord, digests: readonly string[]): Behaviour =>
    this.exact.get(keyOf(definition, digests)) ?? this.byDigest.get(digests[0] ?? "") ?? this.good;
}

function keyOf(definition: TaskDefinitionRecord, digests: readonly string[]): string {
  return JSON.stringify(
    definition.containers.map((container, i) => [
      container.name,
      digests[i],
      [...(container.environment ?? [])].map((one) => `${one.name}=${one.value}`).sort(),
      container.command ?? [],
      (container.secrets ?? []).map((one) => `${one.name}=${one.valueFrom}`).sort(),
    ]),
  );
}
