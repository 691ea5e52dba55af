/**
 * Takes out of a state what tells whose it is: paths, names, addresses. The same word becomes the same filler, so that what
 * is compared stays comparable. Whether it is judged the same afterwards is looked at, not believed.
 */

import type { Mark } from "kubevet";

import type { State, TextFile } from "./state.js";

/** Settings and flags whose value names something. */
const NAMING =
  /((?:--|["']?\b)(?:hostname-?override|node-?labels|node-?ip|provider-?id|cluster-?domain|cluster-?dns|node-?name|register-with-taints|registerWithTaints|cloud-provider-?\w*|node-?status-?max-?images|resolv-?conf|root-dir)\b["']?\s*[=:]?\s*)("[^"\n]*"|'[^'\n]*'|\[[^\]\n]*\]|[^\s,}\]]+)/gi;
const URL = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"',\]})]+)/gi;
const PATH = /(^|[\s"'=:,[{(])(\/(?:[\w.@+-]+\/)*)([\w@+-]*)(\.[A-Za-z0-9]{1,5})?(?=$|[\s"',\]}):])/gm;
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}\b/gi;
const MAIL = /\b[\w.+-]+@[\w-]+\.[\w.]+\b/g;

/** Addresses that name nobody, and whose meaning the judgement needs. */
const PLAIN = new Set(["0.0.0.0", "127.0.0.1"]);

/** Everything that stands here is the same for all, or names a kind of thing alone. */
const KEPT = new Set(["/", "/dev/null", "unix://"]);

/** The state without the values that may be secrets: `marks` say where those stand. */
export function withoutSecrets(state: State, marks: Mark[]): State {
  const clean = structuredClone(state);
  const secrets = marks.filter((mark) => mark.kind === "withheld").sort((a, b) => b.start - a.start);
  const cut = (text: string, { start, end }: Mark) =>
    text.slice(0, start) + text.slice(start, end).replace(/[A-Za-z0-9]/g, "x") + text.slice(end);
  for (const mark of secrets) {
    if (mark.box === "flags") clean.flags = cut(clean.flags, mark);
    else if (mark.box === "live") clean.live = cut(clean.live, mark);
    else {
      const file = mark.box === "drop-in" ? clean.dropIns[mark.index] : clean.file;
      if (file) file.text = cut(file.text, mark);
    }
  }
  return clean;
}

/** The state without paths, names and addresses. */
export function redacted(state: State): State {
  const fillers = new Map<string, string>();
  const filler = (word: string, make: (number: number) => string): string => {
    const known = fillers.get(word) ?? make(fillers.size + 1);
    fillers.set(word, known);
    return known;
  };
  const path = (path: string, ending: string) => (KEPT.has(path) ? path : filler(path, (number) => `/path/${number}${ending}`));
  const text = (text: string): string =>
    text
      .replace(NAMING, (_, before: string, value: string) => before + named(value, filler))
      .replace(URL, (_, scheme: string, rest: string) =>
        scheme + (rest.startsWith("/") ? path(rest, "") : filler(rest, (number) => `host-${number}`)))
      .replace(PATH, (whole, before: string, folder: string, name: string, ending = "") =>
        name + ending === "" && folder === "/" ? whole : before + path(folder + name + ending, ending))
      .replace(MAIL, (mail) => filler(mail, (number) => `name-${number}@example.org`))
      .replace(ADDRESS, (address) => (PLAIN.has(address) ? address : filler(address, (number) => `192.0.2.${number % 256}`)));
  // Comments tell stories.
  const file = ({ name, text: content }: TextFile, newName: string): TextFile => ({
    name: name && newName,
    text: text(content.replace(/(^|\s)#[^\n]*/g, "$1#")),
  });
  return {
    ...state,
    flags: text(state.flags),
    live: text(state.live),
    file: file(state.file, `/path/config${/\.\w+$/.exec(state.file.name)?.[0] ?? ""}`),
    dropIns: state.dropIns.map((dropIn, index) =>
      file(dropIn, `${String(index + 1).padStart(2, "0")}${dropIn.name.endsWith(".conf") ? ".conf" : ".txt"}`)),
  };
}

/** A value that names something, with its quotes and its shape. */
function named(value: string, filler: (word: string, make: (number: number) => string) => string): string {
  return value.replace(/[^\s"'[\]{},=/]+/g, (word) => {
    if (/^(true|false|null|\d{1,3}|(NoSchedule|NoExecute|PreferNoSchedule))$/.test(word) || PLAIN.has(word)) return word;
    if (/^(\d{1,3}\.){3}\d{1,3}$/.test(word) || /^[0-9a-f:]*:[0-9a-f:]+$/i.test(word)) return filler(word, (number) => `192.0.2.${number % 256}`);
    return filler(word, (number) => `name-${number}`);
  });
}
