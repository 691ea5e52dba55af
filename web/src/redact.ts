/**
 * Takes out of a state what tells whose it is: paths, names, addresses. The same word becomes the same filler, so that what
 * is compared stays comparable. Whether it is judged the same afterwards is looked at, not believed. Secrets are no matter of
 * choice: they are always taken out.
 */

import type { Mark } from "kubevet";

import type { State, TextFile } from "./state.js";

/** Flags and settings whose value names something. Taints have `key` and `value`. A list below its key has addresses, which are found anyway. */
const FLAGS =
  /(--?(?:hostname-override|node-labels|node-ip|provider-id|cluster-domain|cluster-dns|register-with-taints|pod-infra-container-image)(?:=|(?:\s|\\\n)+(?!-)))("[^"\n]*"|'[^'\n]*'|[^\s"'\\]+)/gi;
const KEYS = /((?<![\w-])["']?(?:clusterDomain|providerID|key|value)["']?[ \t]*:[ \t]*)("[^"\n]*"|'[^'\n]*'|[^\s"',}\]#]+)/gi;
/** A comment; what is quoted is none. */
const COMMENT = /((?<=[\s:,[{-])(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'))|(^|[ \t])#[^\n]*/gm;
const URL = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s"',\]})]+)/gi;
const PATH = /(^|[\s"'=:,[{(])((?<=")\/[^"\n]*(?=")|\/(?!\/)[^\s"',\]}):]*)/gm;
const IPV4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const IPV6 = /(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{0,4}|::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?![\w:])/gi;
const HOST = /(?<![\w./:-])[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){1,9}(?=:\d{2,5}\b)/gi;
const MAIL = /\b[\w.+-]{1,64}@[\w-]+\.[\w.]+\b/g;
/** What is taken apart in a value. Labels of Kubernetes and of platforms name nobody, and tell which platform it is. */
const NAMES = /[\w.-]{0,253}(?:(?:kubernetes|k8s|openshift)\.io|(?:azure|amazonaws|google)\.com)\/[\w.-]+|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}|[^\s"'[\]{},=/:]+/gi;

/** What names nobody, and whose meaning the judgement needs: certificate authorities where platforms have them, too. */
const PLAIN = new RegExp(
  `^(?:${[
    /0\.0\.0\.0|127\.0\.0\.1|::1?|192\.0\.2\.\d+|2001:db8::[0-9a-f]+/,
    /true|false|null|\d{1,3}|NoSchedule|NoExecute|PreferNoSchedule/,
    /.*(?:(?:kubernetes|k8s|openshift)\.io|(?:azure|amazonaws|google)\.com)\/.*|\/|\/dev\/null/,
    /\/(?:etc|srv|var\/lib)\/(?:srv\/)?(?:kubernetes|minikube|rancher\/\w+|k0s)\/(?:(?:certs|pki|ssl|agent)\/)?(?:kube(?:let)?-|client-)?ca(?:-certificates)?\.(?:crt|pem)/,
  ]
    .map(({ source }) => source)
    .join("|")})$`,
);

/** Keys and flags whose value looks like a secret, whoever reads it. None of the kubelet's own is among them but those of static pods. */
const SECRET =
  /(?:header[\w.-]{0,60}|(?:pod|manifest)-?url[\w.-]{0,60}|(?:token|passw(?:or)?d|passphrase|secret|credential|(?:api|access|private|secret)[_-]?key)s?)["']?(?:[ \t]*[:=]|[ \t]+(?=\S))/gi;
/** What looks like a secret by itself. */
const SECRETS =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END[^\n]*|$)|\b(?:bearer|basic)\s+[\w.~+/=-]{4,}|\beyJ[\w-]+\.[\w.-]+|\b[a-z0-9]{6}\.[a-z0-9]{16}\b|(?<=:\/\/)[^\s/"'@]+(?=@)/gi;

interface Range {
  start: number;
  end: number;
}

/** The state without the values that may be secrets: `marks` say where the rules found some; what looks like one goes, too. */
export function withoutSecrets(state: State, marks: Mark[]): State {
  const clean = structuredClone(state);
  const inBox = (box: Mark["box"]) => marks.filter((mark) => mark.kind === "withheld" && mark.box === box);
  clean.flags = cut(state.flags, [...inBox("flags"), ...looking(state.flags, true)]);
  clean.live = cut(state.live, [...inBox("live"), ...looking(state.live)]);
  clean.file.text = cut(state.file.text, [...inBox("file"), ...looking(state.file.text)]);
  clean.dropIns.forEach((file, at) => {
    const own = inBox("drop-in").filter((mark) => mark.box === "drop-in" && mark.index === at);
    file.text = cut(file.text, [...own, ...looking(file.text)]);
  });
  return clean;
}

/** Every letter and digit becomes an `x`, so that places stay where they are. */
function cut(text: string, ranges: Range[]): string {
  for (const { start, end } of ranges) {
    text = text.slice(0, start) + text.slice(start, end).replace(/[A-Za-z0-9]|[^\0-\x7f]/g, "x") + text.slice(end);
  }
  return text;
}

/** What looks like a secret, and what the kubelet does not read. */
function looking(text: string, isFlags = false): Range[] {
  const found = [...text.matchAll(SECRETS)].map(({ index, 0: whole }) => ({ start: index, end: index + whole.length }));
  let end = 0;
  for (const { index, 0: key } of text.matchAll(SECRET)) {
    // In a file, a word without a colon behind it is no key.
    if (index < end || !(isFlags || /[:=]$/.test(key))) continue;
    const start = index + key.length;
    const before = text.slice(Math.max(0, index - 1000), index);
    end = start + value(text.slice(start), isFlags, before.slice(before.lastIndexOf("\n") + 1)).length;
    found.push({ start, end });
  }
  if (isFlags) return found;
  // Only the first document counts.
  for (const { index } of text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm)) {
    if (text.slice(0, index).replace(/^[ \t]*[#%][^\n]*$/gm, "").trim() === "") continue;
    found.push({ start: index + 3, end: text.length });
    break;
  }
  return found;
}

/** The value that a text begins with; in doubt, more. `before` is what stands before its key in the line. */
function value(text: string, isFlags: boolean, before: string): string {
  const plain = /^\s*("(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'|true\b|false\b|null\b)(?=[ \t]*(?:[,}\]\n]|$))/.exec(text);
  // What says yes or no says nothing else.
  if (plain) return /^[tfn]/.test(plain[1]!) ? "" : plain[0];
  if (isFlags) return /^[^]*?(?=\s["']?--?[a-z]|$)/i.exec(text)![0];
  let depth = 0;
  if (/^\s*[{[]/.test(text)) {
    for (const { index, 0: mark } of text.slice(0, 50_000).matchAll(/"(?:[^"\\]|\\[^])*"|[{}[\]]/g)) {
      if (/^[{[]/.test(mark)) depth++;
      else if (/^[}\]]/.test(mark) && --depth === 0) return text.slice(0, index + 1);
    }
  }
  // The line, and those below that are deeper, or its items.
  const indent = /(?:^|\s)#/.test(before) ? Infinity : before.search(/[^ \t]|$/);
  const isWithin = (line: string) => {
    const depth = line.search(/[^ \t]/);
    return indent < Infinity && (depth === -1 || depth > indent || (depth === indent && /^\s*-\s/.test(line)));
  };
  let end = text.indexOf("\n");
  for (let next; end !== -1; end = next) {
    next = text.indexOf("\n", end + 1);
    if (!isWithin(text.slice(end + 1, next === -1 ? undefined : next))) break;
  }
  return end === -1 ? text : text.slice(0, end);
}

/** The state without paths, names and addresses. */
export function redacted(state: State): State {
  const fillers = new Map<string, string>();
  const filler = (word: string, make: (number: number) => string): string => {
    if (PLAIN.test(word)) return word;
    const known = fillers.get(word) ?? make(fillers.size + 1);
    fillers.set(word, known);
    return known;
  };
  const path = (path: string) => filler(path, (number) => `/path/${number}${/\.[A-Za-z0-9]{1,5}$/.exec(path)?.[0] ?? ""}`);
  const ipv4 = (address: string) => filler(address, (number) => `192.0.2.${number % 256}`);
  const ipv6 = (address: string) => filler(address, (number) => `2001:db8::${number.toString(16)}`);
  const host = (name: string) => filler(name, (number) => `host-${number}`);
  const name = (word: string): string => {
    if (/^(?:\d{1,3}\.){3}\d{1,3}$/.test(word)) return ipv4(word);
    return /^[^/]*:/.test(word) ? ipv6(word) : filler(word, (number) => `name-${number}`);
  };
  const text = (text: string, naming: RegExp): string =>
    text
      .replace(naming, (_, before: string, value: string) => before + value.replace(NAMES, name))
      .replace(URL, (_, scheme: string, rest: string) => scheme + (rest.startsWith("/") ? path(rest) : host(rest)))
      .replace(PATH, (_, before: string, whole: string) => before + path(whole))
      .replace(MAIL, (mail) => filler(mail, (number) => `name-${number}@example.org`))
      .replace(IPV4, ipv4)
      .replace(IPV6, ipv6)
      .replace(HOST, host);
  // Comments tell stories.
  const file = ({ name, text: content }: TextFile, newName: string): TextFile => ({
    name: name && newName,
    text: text(content.replace(COMMENT, (_, quoted?: string, before = "") => quoted ?? `${before}#`), KEYS),
  });
  return {
    ...state,
    flags: text(state.flags.replace(/^([ \t]*#)[^\n]*/gm, "$1"), FLAGS),
    live: text(state.live, KEYS),
    file: file(state.file, `/path/config${/\.\w+$/.exec(state.file.name)?.[0] ?? ""}`),
    dropIns: state.dropIns.map((dropIn, index) =>
      file(dropIn, `${String(index + 1).padStart(3, "0")}${dropIn.name.endsWith(".conf") ? ".conf" : ".txt"}`)),
  };
}
