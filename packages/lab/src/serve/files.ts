import type { SlackWorkspace } from "../slack/workspace.ts";
import { HttpRefusal, send } from "./http.ts";
import type { Exchange } from "./api.ts";

const PNG = Buffer.from("\u0089PNG\r\n\u001a\n", "latin1");

/** A file that was uploaded to the simulated Slack: a picture where its bytes are a PNG's, else plain text that no browser runs. @throws {HttpRefusal} 404 */
export function sendFile(slack: SlackWorkspace, id: string, { response }: Exchange): void {
  const bytes = slack.files.find((file) => file.id === id)?.bytes;
  if (bytes === undefined) throw new HttpRefusal(404, `There is no file ${id}.`);
  const picture = Buffer.from(bytes.subarray(0, PNG.length)).equals(PNG);
  send(response, 200, { type: picture ? "image/png" : "text/plain; charset=utf-8", body: bytes });
}
