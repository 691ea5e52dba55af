/** The same for Node, which finds the rules beside this file. */

import { readFile } from "node:fs/promises";

import { Kubevet } from "./index.js";

export * from "./index.js";

/** Loads the rules. */
export async function load(): Promise<Kubevet> {
  return Kubevet.load(await readFile(new URL("./kubevet_bg.wasm", import.meta.url)));
}
