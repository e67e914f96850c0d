import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** What a child writes, read into one buffer. */
export interface Pipe {
  /** Every piece, in order, from now on; its bytes are only good until `take` returns. */
  hear(take: (bytes: Buffer) => void): void;
  pause(): void;
  resume(): void;
  isPaused(): boolean;
  on(event: "end" | "close", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  destroy(error?: Error): void;
}

const bufferBytes = 256 * 1_024;

/**
 * A pipe between a child and us that reads into one buffer for ever. Node's own pipes make a new buffer of 64 KiB for each read, however short it was:
 * of a dump of half a gigabyte that was 100 collections of garbage and a third of our processor time (measured 2026-11-21).
 * Only `net.connect` takes a buffer, so the pipe is a socket in a folder that nobody else may enter. `end` is for the child; whoever spawns it closes ours.
 */
export async function ownPipe(): Promise<{ readonly pipe: Pipe; readonly end: Socket }> {
  const folder = await mkdtemp(path.join(tmpdir(), "ns-pipe-"));
  await chmod(folder, 0o700);
  const server = createServer({ pauseOnConnect: true });
  try {
    server.listen(path.join(folder, "p"));
    await once(server, "listening");
    let take = (_bytes: Buffer): void => undefined;
    const accepted = once(server, "connection");
    const buffer = Buffer.allocUnsafeSlow(bufferBytes);
    const socket = connect({
      path: path.join(folder, "p"),
      onread: {
        buffer,
        callback(length) {
          take(buffer.subarray(0, length));
          return !paused;
        },
      },
    });
    let paused = true;
    await once(socket, "connect");
    socket.pause();
    const [end]: Socket[] = await accepted;
    if (end === undefined) throw new Error("a pipe has two ends");
    const hear = (taker: typeof take): void => {
      take = taker;
    };
    const pause = (yes: boolean): void => {
      paused = yes;
    };
    return { pipe: pipeOf(socket, { hear, pause, paused: () => paused }), end };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Switches {
  readonly hear: (take: (bytes: Buffer) => void) => void;
  readonly paused: () => boolean;
  readonly pause: (yes: boolean) => void;
}

function pipeOf(socket: Socket, switches: Switches): Pipe {
  const resume = (): void => {
    switches.pause(false);
    socket.resume();
  };
  return {
    hear(take) {
      switches.hear(take);
      resume();
    },
    pause() {
      switches.pause(true);
      socket.pause();
    },
    resume,
    isPaused: switches.paused,
    on: (event: "end" | "close" | "error", listener: (error: Error) => void) => void socket.on(event, listener),
    destroy: (error) => void socket.destroy(error),
  };
}
