import { commands } from "./commands/index.ts";
import { dispatch } from "./frame/dispatch.ts";
import { DEBUG, sayFault } from "./frame/translate.ts";
import { terminal } from "./frame/terminal.ts";

// A reader that closed the pipe early (`| head`) has seen enough: that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// The launcher is gone, killed without a word: what runs ends as by a polite kill, in order.
if (process.channel !== undefined) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}

try {
  process.exitCode = await dispatch(process.argv.slice(2), commands, terminal());
} catch (error) {
  if ((process.env[DEBUG] ?? "") !== "") throw error;
  process.stderr.write(`${sayFault(error)}\n`);
  process.exitCode = 1;
}
