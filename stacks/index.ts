export function deploy(): Record<string, unknown> { return {}; }
