/** The verbs that need to know how backups are told and restored: the function loads them when the first of them is asked for. */
export { backup } from "./backup.ts";
export { restore } from "./restore.ts";
