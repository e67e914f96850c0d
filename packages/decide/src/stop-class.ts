/** Killed for memory: the code's doing at any age. 137 alone may be any SIGKILL, so the reason has to say so. */
export const ranOutOfMemory = (reason: string): boolean => /OutOfMemory/i.test(reason);
