import { refused, type Prepared } from "./verb.ts";

/** An honest answer about what is not here, and what can be done by hand meanwhile. */
export const notInstalled = ({ what, arrives, meanwhile }: { readonly what: string; readonly arrives: string; readonly meanwhile: string }): Prepared =>
  refused(`${what} is not installed: it arrives with ${arrives}. Nothing was changed. By hand meanwhile: ${meanwhile}`);
