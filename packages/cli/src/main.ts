import { commands } from "./commands/index.ts";
import { dispatch } from "./frame/dispatch.ts";
import { terminal } from "./frame/terminal.ts";

// A reader that closed the pipe early (`| head`) has seen enough: that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await dispatch(process.argv.slice(2), commands, terminal());
