import { useSyncExternalStore } from "react";
import type { Picture } from "../../src/serve/picture.ts";

type Listener = () => void;

let picture: Picture | undefined;
let connected = false;
const listeners = new Set<Listener>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Opens the stream; it connects again by itself, and the server then sends everything anew. */
export function followLab(): void {
  const stream = new EventSource("/api/stream");
  stream.onmessage = ({ data }) => {
    // The server writes parts of a Picture, and all of them at first.
    picture = { ...picture, ...JSON.parse(String(data)) } as Picture;
    connected = true;
    tell();
  };
  stream.onerror = () => {
    connected = false;
    tell();
  };
}

const subscribe = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const currentPicture = (): Picture | undefined => picture;

/** What the lab shows now; undefined until the first message has come. */
export const usePicture = (): Picture | undefined => useSyncExternalStore(subscribe, currentPicture, currentPicture);
/** Whether the server answers. */
export const useConnected = (): boolean => useSyncExternalStore(subscribe, () => connected);

/** Sends something to the server and says what it answered. @throws {Error} with the server's sentence. */
export async function ask(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  // Every answer of the server to a POST is a JSON object.
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(String(answer["error"] ?? response.statusText));
  return answer;
}
