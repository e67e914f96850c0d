import type { Checkpoints } from "./automation.ts";

/**
 * For a plain invocation, which ends within its timeout and is repeated whole when it dies: nothing is kept,
 * nothing is waited for. An automation that waits is durable; this says so instead of hanging.
 */
export const plainCheckpoints = (): Checkpoints => ({
  once: (_name, effect) => effect(),
  poll: (name) => Promise.reject(new Error(`"${name}" waits, and a plain function cannot: make the automation durable.`)),
  awaitWord: (name) => Promise.reject(new Error(`"${name}" asks a person, and a plain function cannot wait: make the automation durable.`)),
});
