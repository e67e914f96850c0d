import type { Behaviour } from "../behaviour.ts";

/** Good code: exactly as well as the service does on an ordinary day. */
export const healthy = (): Behaviour => ({ name: "healthy", serve: (at) => at.base });
