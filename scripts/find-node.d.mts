/** The pinned Node of a checkout, or the current one when it is new enough. */
export declare function findNode(checkout?: string, current?: string): string | undefined;
/** What to say when there is no Node to run with. */
export declare const noNode: string;
/** Runs `node ARGS…` in place of this process. */
export declare function runNode(args: readonly string[]): void;
