// `node scripts/node.mjs FILE ARGS…`: runs FILE with the pinned Node (decision 26).
import { runNode } from "./find-node.mjs";

runNode(["--no-warnings", ...process.argv.slice(2)]);
