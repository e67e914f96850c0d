import { randomUUID } from "node:crypto";

/** An id that nobody used before: what a question to a broker's workers and its answers are matched by. */
export const newId = (): string => randomUUID();
