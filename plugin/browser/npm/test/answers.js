/** What the component answers in wasmtime, line by line: what `cargo xtask answers` writes, or has written to `KUBEVET_ANSWERS`. */

import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const workspace = new URL("../../../../", import.meta.url);

/** @returns {AsyncGenerator<{bundle: string, options: object, check: string, effective: string}>} */
export async function* answers() {
  const file = process.env.KUBEVET_ANSWERS;
  if (file) {
    for await (const line of createInterface({ input: createReadStream(new URL(file, workspace)) })) yield JSON.parse(line);
    return;
  }
  const chore = spawn("cargo", ["xtask", "answers"], { cwd: workspace, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => chore.on("close", resolve));
  for await (const line of createInterface({ input: chore.stdout })) yield JSON.parse(line);
  const status = await ended;
  if (status !== 0) throw new Error(`cargo xtask answers ended with ${status}`);
}
