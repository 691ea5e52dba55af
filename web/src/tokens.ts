/** Colours for a text: a rough reading for the eye. What the kubelet reads is the rules' business. */

export type Grammar = "config" | "flags";

export interface Token {
  start: number;
  end: number;
  look: string;
}

const CONFIG = /(#[^\n]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')(\s*:)?|^([ \t]*(?:- +)*)([^\s#"'{}[\],:&*!|>%@`-][^\n:#]*?)(\s*:)(?=\s|$)|\b(true|false|null|yes|no|on|off)\b|(-?\b\d[\w.]*\b)/gm;
const FLAGS = /(^|[\s"'])(--?[A-Za-z][\w.-]*)(=?)/g;

/** The tokens of a text, in order, none in another. */
export function tokens(text: string, grammar: Grammar): Token[] {
  return grammar === "flags" ? flags(text) : config(text);
}

function config(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(CONFIG)) {
    const [whole, comment, quoted, colon, indent = "", key, , word, number] = match;
    const start = match.index;
    const add = (from: number, length: number, look: string) => found.push({ start: from, end: from + length, look });
    if (comment !== undefined) {
      // In YAML a comment has a blank before it.
      const before = text[start - 1];
      if (before === undefined || /\s/.test(before)) add(start, whole.length, "t-comment");
    } else if (quoted !== undefined) add(start, quoted.length, colon === undefined ? "t-string" : "t-key");
    else if (key !== undefined) add(start + indent.length, key.length, "t-key");
    else if (word !== undefined || number !== undefined) add(start, whole.length, "t-value");
  }
  return found;
}

function flags(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(FLAGS)) {
    const start = match.index + match[1]!.length;
    found.push({ start, end: start + match[2]!.length, look: "t-key" });
  }
  return found;
}
