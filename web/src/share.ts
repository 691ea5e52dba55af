/** Links: the state behind the `#` of the address, compressed. What comes from a link is taken for hostile. */

import { fromUnknown, toPlain, type State } from "./state.js";
import type { Language } from "./words.js";

/** A link that is longer is not passed on by everything that people send links through. */
export const MAX_LINK = 32_000;

/** What a link may come to: four files of the largest size. More is an attack. */
const MAX_STATE = 4 << 20;

/** The part of the address behind `#s=`. */
export async function pack(state: State): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(toPlain(state)));
  const packed = await through(json, new CompressionStream("deflate-raw"), Number.MAX_SAFE_INTEGER);
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The state of a link; nothing, where it is none. */
export async function unpack(text: string, language: Language): Promise<State | undefined> {
  if (text.length > MAX_LINK || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    const json = await through(bytes, new DecompressionStream("deflate-raw"), MAX_STATE);
    return fromUnknown(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)), language);
  } catch {
    return undefined;
  }
}

/** @throws where more comes out than the limit, before it is held */
async function through(bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream, limit: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    size += chunk.value.length;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError("too much");
    }
    chunks.push(chunk.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** What the address asks for: a state, and the explanation of a check. */
export function readAddress(hash: string): { state?: string; check?: string } {
  const parts = new URLSearchParams(hash.slice(0, MAX_LINK + 200).replace(/^#/, ""));
  const [state, check] = [parts.get("s"), parts.get("check")];
  return { ...(state !== null && { state: hash.length > MAX_LINK + 200 ? "" : state }), ...(check !== null && { check: check.slice(0, 80) }) };
}
