/** What stands in the boxes of the page, and what is asked. */

import type { Boxes, Options } from "kubevet";

import type { Language } from "./words.js";

export interface TextFile {
  name: string;
  text: string;
}

export interface State {
  flags: string;
  file: TextFile;
  dropIns: TextFile[];
  live: string;
  version: string;
  platform: string;
  benchmark: string;
  level: string;
  strict: boolean;
  language: Language;
  /** Environment variables of which is known whether they are set. */
  environment: Record<string, boolean>;
}

/** No file is read beyond this, as the command does not. */
export const MAX_FILE = 1 << 20;

/** More drop-ins than these are no work for a page. */
export const MAX_DROP_INS = 100;

export function emptyState(language: Language): State {
  return {
    flags: "",
    file: { name: "", text: "" },
    dropIns: [],
    live: "",
    version: "",
    platform: "",
    benchmark: "",
    level: "",
    strict: false,
    language,
    environment: {},
  };
}

export function isEmpty(state: State): boolean {
  const texts = [state.flags, state.file.text, state.live, ...state.dropIns.map((dropIn) => dropIn.text)];
  return texts.every((text) => text.trim() === "");
}

/** The state as the rules take it. Boxes that are empty are not there. */
export function target(state: State): Boxes {
  const { flags, file, dropIns, live, environment } = state;
  const known = Object.keys(environment);
  return {
    ...(file.name && { id: file.name }),
    ...(flags.trim() && { flags }),
    ...(file.text.trim() && { file: { ...(file.name && { name: file.name }), text: file.text } }),
    ...(dropIns.length > 0 && { dropIns: { files: dropIns } }),
    ...(live.trim() && { live }),
    ...(known.length > 0 && { environment: known.filter((name) => environment[name]) }),
  };
}

export function options(state: State): Options {
  const { version, platform, benchmark, level, strict } = state;
  const values = {
    ...(version && { version }),
    ...(platform && { platform }),
    ...(benchmark && { benchmark }),
    ...(level && { level }),
    ...(strict && { strict: "true" }),
  };
  return { language: state.language, listSettings: true, values };
}

/** What somebody else made, such as a link: every field is looked at, and nothing else is taken. */
export function fromUnknown(given: unknown, language: Language): State | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const fields = given as Record<string, unknown>;
  const state = emptyState(language);
  const text = (value: unknown, limit = MAX_FILE): string => {
    if (value === undefined) return "";
    if (typeof value !== "string" || value.length > limit) throw new TypeError("no text");
    return value;
  };
  const word = (value: unknown): string => {
    const found = text(value, 40);
    if (!/^[\w.-]*$/.test(found)) throw new TypeError("no word");
    return found;
  };
  const file = (value: unknown): TextFile => {
    const { name, text: content } = (value ?? {}) as Record<string, unknown>;
    return { name: text(name, 4096), text: text(content) };
  };
  try {
    state.flags = text(fields["flags"]);
    state.file = file(fields["file"]);
    state.live = text(fields["live"]);
    const dropIns = fields["dropIns"] ?? [];
    if (!Array.isArray(dropIns) || dropIns.length > MAX_DROP_INS) return undefined;
    state.dropIns = dropIns.map(file);
    for (const key of ["version", "platform", "benchmark", "level"] as const) state[key] = word(fields[key]);
    state.strict = fields["strict"] === true;
    if (fields["language"] === "en" || fields["language"] === "ja") state.language = fields["language"];
    for (const [name, isSet] of Object.entries((fields["environment"] ?? {}) as Record<string, unknown>).slice(0, 20)) {
      if (/^\w{1,80}$/.test(name) && typeof isSet === "boolean") state.environment[name] = isSet;
    }
  } catch {
    return undefined;
  }
  return state;
}

/** Only what is not as it is in the beginning: a link is short. */
export function toPlain(state: State): object {
  const empty = emptyState(state.language);
  const differs = ([key, value]: [string, unknown]) =>
    key === "language" || JSON.stringify(value) !== JSON.stringify(empty[key as keyof State]);
  return Object.fromEntries(Object.entries(state).filter(differs));
}
