/** What can be taken along: the command, files, reports. */

import type { State } from "./state.js";

/** The command that judges the same, in a shell, where the texts are saved under their names. `flags` are on a command line. */
export function command(state: State, flags: string): string {
  const words = ["kubevet", "check"];
  const option = (name: string, value: string) => {
    if (value !== "") words.push(`--${name}`, quoted(value));
  };
  if (state.file.text.trim() !== "") words.push(quoted(state.file.name || "kubelet-config.yaml"));
  option("flags", flags);
  if (state.dropIns.length > 0) option("config-dir", "kubelet.conf.d");
  if (state.live.trim() !== "") option("configz", "configz.json");
  option("kubelet-version", state.version);
  option("platform", state.platform);
  option("benchmark", state.benchmark);
  option("level", state.level);
  if (state.strict) words.push("--strict");
  if (state.language !== "en") option("lang", state.language);
  return words.join(" ");
}

/** Whether there are variables of systemd in a text, or lines of a unit: what else stands there is not read then. */
export function isAssignment(flags: string): boolean {
  return /^\s*(?:ExecStart=|(?:export )?(?:Environment=)?["']?[A-Z0-9_]+=)/m.test(flags);
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Hands a file to the browser, which keeps it. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Whether the text is on the clipboard now. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
