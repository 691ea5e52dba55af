/** The inputs: flags, configuration file, drop-ins, live configuration. */

import type { Box, Mark } from "kubevet";

import { byId, h, icon, reconcile } from "./dom.js";
import { isAssignment, quoted } from "./export.js";
import { Editor, type Shown } from "./editor.js";
import { ICONS } from "./icons.js";
import { MAX_DROP_INS, MAX_FILE, type State, type TextFile } from "./state.js";
import { say } from "./words.js";

/** What the page does when something was typed, or is refused. */
export interface Listener {
  changed(): void;
  refused(message: string): void;
  /** Files came in, in place of what stood there; `isAlert` where not all did. */
  taken(next: State, message: string, isAlert: boolean): void;
}

/** The boxes of a state, which they keep up to date. */
export class Boxes {
  #state: State;
  #listener: Listener;
  #flags: Editor;
  #file: Editor;
  #live: Editor;
  #fileName = byId<HTMLInputElement>("file-name");
  #dropIns: { editor: Editor; element: HTMLElement; file: TextFile }[] = [];
  #dropInList = byId("drop-ins");
  #made = 0;

  constructor(state: State, listener: Listener) {
    this.#state = state;
    this.#listener = listener;
    const taken = (text: string) => this.#pasted(text);
    this.#flags = new Editor({
      id: "flags-text",
      grammar: "flags",
      label: () => say("flags"),
      hint: "flags-hint",
      rows: 3,
      onInput: (text) => this.#typed(() => (this.#state.flags = text)),
      onPaste: taken,
    });
    this.#file = new Editor({
      id: "file-text",
      grammar: "config",
      label: () => say("file"),
      hint: "file-hint",
      rows: 14,
      onInput: (text) => this.#typed(() => (this.#state.file.text = text)),
      onPaste: taken,
    });
    this.#live = new Editor({
      id: "live-text",
      grammar: "config",
      label: () => say("live"),
      hint: "live-hint",
      rows: 3,
      onInput: (text) => this.#typed(() => (this.#state.live = text)),
      onPaste: (text) => this.#isTooLarge(say("live"), text),
    });
    byId("flags-box").append(this.#flags.element);
    byId("file-box").append(this.#file.element);
    byId("live-box").append(this.#live.element);
    this.#fileName.addEventListener("input", () => this.#typed(() => (this.#state.file.name = this.#fileName.value)));
    byId("add-drop-in").addEventListener("click", () => this.#add());
    this.load(state);
  }

  /** Shows another state. */
  load(state: State): void {
    this.#state = state;
    this.#flags.text = state.flags;
    this.#file.text = state.file.text;
    this.#live.text = state.live;
    this.#fileName.value = state.file.name;
    byId<HTMLDetailsElement>("live").open ||= state.live !== "";
    this.#dropIns = state.dropIns.map((file) => this.#makeDropIn(file));
    this.#arrange();
  }

  /** In another language. */
  relabel(): void {
    for (const editor of [this.#flags, this.#file, this.#live]) editor.relabel();
    for (const dropIn of this.#dropIns) delete dropIn.element.dataset["said"];
    this.load(this.#state);
  }

  /** The editor of a box. */
  editor(box: Box): Editor | undefined {
    switch (box.box) {
      case "flags":
        return this.#flags;
      case "file":
        return this.#file;
      case "live":
        return this.#live;
      case "drop-in": {
        const file = this.#state.dropIns[box.index];
        return this.#dropIns.find((dropIn) => dropIn.file === file)?.editor;
      }
    }
  }

  /** What a box is called. */
  name(box: Box): string {
    switch (box.box) {
      case "flags":
        return say("flags");
      case "file":
        return this.#state.file.name.split("/").pop() || say("file");
      case "live":
        return "/configz";
      case "drop-in":
        return this.#state.dropIns[box.index]?.name ?? say("drop-in");
    }
  }

  /** Marks, each with its look. */
  show(marks: { mark: Mark; look: string }[]): void {
    const byEditor = new Map<Editor, Shown[]>();
    for (const editor of [this.#flags, this.#file, this.#live, ...this.#dropIns.map(({ editor }) => editor)]) {
      byEditor.set(editor, []);
    }
    for (const { mark, look } of marks) {
      const editor = this.editor(mark);
      if (editor) byEditor.get(editor)?.push({ start: mark.start, end: mark.end, look });
    }
    for (const [editor, shown] of byEditor) editor.show(shown);
  }

  /** Goes to a place. */
  select(mark: Box & { start: number; end: number }): void {
    if (mark.box === "live") byId<HTMLDetailsElement>("live").open = true;
    this.editor(mark)?.select(mark.start, mark.end);
  }

  /** Takes files that were dropped or opened, each into the box that it is for. What finds none is told. */
  async take(files: File[]): Promise<void> {
    const refused: string[] = [];
    const read: TextFile[] = [];
    for (const { name, size, text } of await Promise.all(files.slice(0, 2 * MAX_DROP_INS).map(opened))) {
      if (size > MAX_FILE) refused.push(say("tooLarge", { name, size: bytes(size) }));
      else if (text === undefined) refused.push(say("notText", { name }));
      else read.push({ name, text });
    }
    // Not before all is read: somebody may type meanwhile.
    const next = structuredClone(this.#state);
    const used = new Set<string>();
    const isFirst = (box: string) => !used.has(box) && used.add(box) !== undefined;
    const put = ({ name, text }: TextFile): boolean => {
      if (isLive(text)) return isFirst("live") && ((next.live = text), true);
      if (isFlags(text)) {
        const flags = text.includes("\0") ? text.replace(/\0$/, "").split("\0").map(quoted).join(" ") : text.trim();
        if (isFirst("flags")) next.flags = flags;
        // Variables of several files are read together.
        else if (isAssignment(next.flags) && isAssignment(flags)) next.flags += `\n${flags}`;
        else return false;
        return true;
      }
      const isDropIn = /\.conf$/.test(name) && (files.length > 1 || next.file.text.trim() !== "");
      if (isDropIn) return isFirst(`drop-in ${name}`) && putInto(next.dropIns, { name, text });
      return isFirst("file") && ((next.file = { name, text }), true);
    };
    const left = [...read.filter((file) => !put(file)), ...files.slice(2 * MAX_DROP_INS)];
    if (left.length > 0) refused.push(say("noBox", { names: listed(left) }));
    const taken = read.filter((file) => !left.includes(file));
    if (taken.length === 0) this.#listener.refused(refused.join(" "));
    else this.#listener.taken(next, [...refused, say("opened", { names: listed(taken) })].join(" "), refused.length > 0);
  }

  #typed(change: () => void): void {
    const before = structuredClone(this.#state);
    change();
    const state = this.#state;
    const files = [state.file, ...state.dropIns];
    const large = [state.flags, state.live, ...files.map((file) => file.text)].find((text) => text.length > MAX_FILE);
    if (large !== undefined) {
      // However it came in, it does not stay: the page would be slow, and nobody reads it.
      Object.assign(state, before);
      this.load(state);
      this.#listener.refused(say("tooLarge", { name: say("file"), size: bytes(large.length) }));
      return;
    }
    this.#listener.changed();
  }

  /** An answer of `/configz` goes where it belongs, wherever it was pasted. */
  #pasted(text: string): boolean {
    if (this.#isTooLarge(say("file"), text)) return true;
    if (!isLive(text)) return false;
    this.#listener.taken({ ...structuredClone(this.#state), live: text }, say("opened", { names: "/configz" }), false);
    this.#live.area.focus();
    return true;
  }

  #isTooLarge(name: string, text: string): boolean {
    if (text.length <= MAX_FILE) return false;
    this.#listener.refused(say("tooLarge", { name, size: bytes(text.length) }));
    return true;
  }

  #add(): void {
    if (this.#state.dropIns.length >= MAX_DROP_INS) return;
    const last = this.#state.dropIns.at(-1)?.name ?? "";
    const number = Math.min(99, (Number.parseInt(last, 10) || 0) + 10);
    let name = `${number}-kubelet.conf`;
    while (this.#state.dropIns.some((file) => file.name === name)) name = `${name.slice(0, -5)}-2.conf`;
    const text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    const file = { name, text };
    putInto(this.#state.dropIns, file);
    this.load(this.#state);
    this.#listener.changed();
    const editor = this.#dropIns.find((dropIn) => dropIn.file === file)?.editor;
    editor?.area.focus();
    editor?.area.setSelectionRange(text.length, text.length);
  }

  #makeDropIn(file: TextFile): { editor: Editor; element: HTMLElement; file: TextFile } {
    const known = this.#dropIns.find((dropIn) => dropIn.file === file);
    if (known) {
      known.editor.text = file.text;
      return known;
    }
    const editor = new Editor({
      id: `drop-in-${++this.#made}`,
      grammar: "config",
      label: () => say("dropInText", { name: file.name }),
      rows: 5,
      onInput: (text) => this.#typed(() => (file.text = text)),
      onPaste: (text) => this.#isTooLarge(file.name, text),
    });
    editor.text = file.text;
    return { editor, element: h("li", { class: "drop-in" }), file };
  }

  /** The drop-ins in the order in which the kubelet reads them. */
  #arrange(): void {
    sort(this.#state.dropIns);
    const order = (file: TextFile) => this.#state.dropIns.indexOf(file);
    this.#dropIns.sort((a, b) => order(a.file) - order(b.file));
    this.#dropIns.forEach((dropIn, index) => this.#head(dropIn, index));
    reconcile(
      this.#dropInList,
      this.#dropIns.map(({ editor }) => editor.area.id),
      (id) => id,
      (id) => this.#dropIns.find(({ editor }) => editor.area.id === id)!.element,
    );
    byId("drop-in-count").textContent = this.#dropIns.length > 0 ? String(this.#dropIns.length) : "";
  }

  #head({ element, editor, file }: { element: HTMLElement; editor: Editor; file: TextFile }, index: number): void {
    editor.relabel();
    const name = h("input", {
      class: "name",
      "data-focus": "name",
      "aria-label": say("dropInName"),
      spellcheck: "false",
      autocomplete: "off",
      onchange: () => {
        this.#rename(file, name.value);
        this.#arrange();
      },
    });
    name.value = file.name;
    const move = (other: number, word: "earlier" | "later", shape: string) =>
      h(
        "button",
        {
          type: "button",
          class: "bare",
          "data-focus": word,
          disabled: this.#state.dropIns[other] === undefined,
          "aria-label": say(word, { name: file.name }),
          title: say(word, { name: file.name }),
          onclick: () => this.#swap(index, other, word),
        },
        icon(shape),
      );
    const remove = h(
      "button",
      {
        type: "button",
        class: "bare",
        "aria-label": say("remove", { name: file.name }),
        title: say("remove", { name: file.name }),
        onclick: () => {
          this.#state.dropIns.splice(this.#state.dropIns.indexOf(file), 1);
          this.load(this.#state);
          this.#listener.changed();
          byId("add-drop-in").focus();
        },
      },
      icon(ICONS.close),
    );
    const note = file.name.endsWith(".conf") ? undefined : h("p", { class: "note" }, say("notRead"));
    const bar = h("div", { class: "bar" }, name, move(index - 1, "earlier", ICONS.up), move(index + 1, "later", ICONS.down), remove);
    const focused = element.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset["focus"]
      : undefined;
    element.querySelectorAll(":scope > .bar, :scope > .note").forEach((old) => old.remove());
    element.prepend(...[bar, note].filter((part) => part !== undefined));
    if (!editor.element.isConnected || editor.element.parentElement !== element) element.append(editor.element);
    if (focused) element.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus();
  }

  #rename(file: TextFile, name: string): void {
    const clean = name.trim().replace(/^\/+/, "");
    const isTaken = this.#state.dropIns.some((other) => other !== file && other.name === clean);
    if (clean !== "" && !isTaken) file.name = clean;
    this.#listener.changed();
  }

  /** The kubelet goes by names, so files that change places exchange them. */
  #swap(index: number, other: number, word: "earlier" | "later"): void {
    const [a, b] = [this.#state.dropIns[index], this.#state.dropIns[other]];
    if (!a || !b) return;
    [a.name, b.name] = [b.name, a.name];
    this.#arrange();
    this.#listener.changed();
    const moved = this.#dropIns.find((dropIn) => dropIn.file === a)?.element;
    const button = moved?.querySelector<HTMLButtonElement>(`[data-focus="${word}"]:enabled`);
    (button ?? moved?.querySelector<HTMLElement>("input"))?.focus();
  }
}

/** Names are compared as bytes, as the kubelet does. */
function sort(files: TextFile[]): void {
  files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether there was room. */
function putInto(dropIns: TextFile[], file: TextFile): boolean {
  const same = dropIns.find((known) => known.name === file.name);
  if (same) same.text = file.text;
  else if (dropIns.length < MAX_DROP_INS) dropIns.push(file);
  else return false;
  sort(dropIns);
  return true;
}

/** A file as text; without one, where it is none, and is not to be made one: the kubelet would refuse it. */
async function opened(file: File): Promise<{ name: string; size: number; text?: string }> {
  const { name, size } = file;
  if (size > MAX_FILE) return { name, size };
  const buffer = await file.arrayBuffer();
  const [first, second] = new Uint8Array(buffer);
  // The kubelet's YAML knows UTF-16 by its byte order mark.
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    return { name, size, text: new TextDecoder(encoding, { fatal: true }).decode(buffer).replace(/\r\n?/g, "\n") };
  } catch {
    return { name, size };
  }
}

function listed(files: { name: string }[]): string {
  const names = files.map(({ name }) => name);
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} … (${names.length})` : names.join(", ");
}

function isLive(text: string): boolean {
  return /^\s*\{\s*"kubeletconfig"\s*:/.test(text);
}

function isFlags(text: string): boolean {
  return /^(\s|#[^\n]*\n)*(--[a-z]|(\S*\/)?kubelet[\s\0]|(export |Environment=)?"?[A-Z_]+="?-)/.test(text);
}

export function bytes(size: number): string {
  return size < 1024 ? `${size} B` : size < 1 << 20 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / (1 << 20)).toFixed(1)} MiB`;
}
