import { commands } from "./commands/index.ts";
import { dispatch } from "./frame/dispatch.ts";
import { terminal } from "./frame/terminal.ts";

process.exitCode = await dispatch(process.argv.slice(2), commands, terminal());
