/**
 * A text box that shows where something is decided: a plain `textarea`, which every keyboard, screen reader and input method
 * knows, above the same text with colours and marks. It holds text alone: nothing in it is ever markup.
 */

import { h } from "./dom.js";
import { tokens, type Grammar } from "./tokens.js";

/** A marked range, and how it looks: names of classes. Of several at one place the last one counts. */
export interface Shown {
  start: number;
  end: number;
  look: string;
}

/** Texts beyond this are shown without colours: what is that long is not read by eye. */
const MAX_COLOURED = 200_000;

/** What is longer is put into the box as a whole: browsers take many seconds to insert that many lines, to be able to undo it. */
const MAX_TYPED = 100_000;

export interface EditorOptions {
  id: string;
  grammar: Grammar;
  label: () => string;
  hint?: string;
  rows: number;
  onInput(text: string): void;
  /** Text that comes in by pasting; true: it was taken elsewhere. */
  onPaste?(text: string): boolean;
}

export class Editor {
  readonly element: HTMLElement;
  readonly area: HTMLTextAreaElement;
  #backdrop = h("pre", { class: "backdrop", "aria-hidden": "true" });
  #gutter = h("div", { class: "gutter", "aria-hidden": "true" });
  #options: EditorOptions;
  #marks: Shown[] = [];
  #text = "";
  #lines = -1;
  #flagged = "";

  constructor(options: EditorOptions) {
    this.#options = options;
    this.area = h("textarea", {
      id: options.id,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      autocorrect: "off",
      wrap: "off",
      rows: 1,
      "aria-describedby": options.hint,
      oninput: () => this.#typed(),
      onpaste: (event: ClipboardEvent) => {
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (options.onPaste?.(text)) event.preventDefault();
        else if (text.length > MAX_TYPED) {
          event.preventDefault();
          this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
          this.#typed();
        }
      },
    });
    const stack = h("div", { class: "stack" }, this.#backdrop, this.area);
    this.element = h("div", { class: `editor rows-${options.rows}` }, this.#gutter, stack);
    this.relabel();
    this.#render();
  }

  relabel(): void {
    this.area.setAttribute("aria-label", this.#options.label());
  }

  get text(): string {
    return this.area.value;
  }

  /** Another text, as if it had been typed: it can be undone where the browser can. */
  set text(text: string) {
    if (text === this.area.value) return;
    this.area.value = text;
    // Line ends are normalised.
    this.#follow(this.area.value);
    this.#render();
  }

  show(marks: Shown[]): void {
    this.#marks = marks;
    this.#render();
  }

  /** Puts the focus on a range, and brings it into view. */
  select(start: number, end: number): void {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(start, end);
    const mark = this.#backdrop.querySelector(`[data-start="${start}"]`) ?? this.#backdrop;
    mark.scrollIntoView({ block: "center", inline: "nearest" });
  }

  #typed(): void {
    const text = this.area.value;
    this.#follow(text);
    this.#render();
    this.#options.onInput(text);
  }

  /** Until the rules have answered, marks move with the text that they stand on, and go where it was changed. */
  #follow(text: string): void {
    const before = this.#text;
    this.#text = text;
    const shorter = Math.min(before.length, text.length);
    let head = 0;
    while (head < shorter && before.charCodeAt(head) === text.charCodeAt(head)) head++;
    let tail = 0;
    while (tail < shorter - head && before.charCodeAt(before.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) tail++;
    const moved = text.length - before.length;
    this.#marks = this.#marks.flatMap((mark) => {
      if (mark.end <= head) return [mark];
      if (mark.start >= before.length - tail) return [{ ...mark, start: mark.start + moved, end: mark.end + moved }];
      return [];
    });
  }

  #render(): void {
    const text = this.#text;
    const fragment = document.createDocumentFragment();
    for (const { start, end, look } of pieces(text, this.#options.grammar, this.#marks)) {
      const part = text.slice(start, end);
      fragment.append(look ? h("span", { class: look, "data-start": start }, part) : part);
    }
    // The last line has its height, even if it is empty.
    fragment.append("\n");
    this.#backdrop.replaceChildren(fragment);
    this.#renderGutter();
  }

  #renderGutter(): void {
    const text = this.#text;
    const lines = text.split("\n").length;
    const flagged = new Map<number, string>();
    const severe = this.#marks.flatMap(({ start, look }) => {
      const severity = /\b(refusal|fail|problem|undetermined|manual)\b/.exec(look)?.[0];
      return severity ? [{ start, severity }] : [];
    });
    for (const [index, line] of lineNumbers(text, severe.map(({ start }) => start)).entries()) {
      flagged.set(line, severe[index]!.severity);
    }
    const said = JSON.stringify([...flagged]);
    if (lines === this.#lines && said === this.#flagged) return;
    [this.#lines, this.#flagged] = [lines, said];
    if (lines > 20_000) {
      this.#gutter.replaceChildren();
      return;
    }
    // One text for all lines without a mark in between: there may be many.
    const fragment = document.createDocumentFragment();
    let plain = "";
    for (let line = 0; line < lines; line++) {
      const flag = flagged.get(line);
      if (flag) {
        fragment.append(plain, h("span", { class: `flagged ${flag}` }, line + 1), "\n");
        plain = "";
      } else plain += `${line + 1}\n`;
    }
    fragment.append(plain);
    this.#gutter.replaceChildren(fragment);
  }
}

/** The number of the line of each offset, from 0. */
function lineNumbers(text: string, offsets: number[]): number[] {
  const order = offsets.map((offset, index) => ({ offset, index })).sort((a, b) => a.offset - b.offset);
  const numbers: number[] = new Array<number>(offsets.length).fill(0);
  let line = 0;
  let next = text.indexOf("\n");
  for (const { offset, index } of order) {
    for (; next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) line++;
    numbers[index] = line;
  }
  return numbers;
}

interface Piece {
  start: number;
  end: number;
  look: string;
}

/** The text in pieces that look the same: colours of the grammar, with the marks above them. */
function pieces(text: string, grammar: Grammar, marks: Shown[]): Piece[] {
  const coloured = text.length <= MAX_COLOURED ? tokens(text, grammar) : [];
  const ranges = [...coloured, ...marks.filter((mark) => mark.start < mark.end && mark.end <= text.length)];
  // One pass over all edges, with the ranges that are open: those of later ones stand above.
  const edges = ranges.flatMap(({ start, end }, rank) => [
    { at: start, rank, opens: true },
    { at: end, rank, opens: false },
  ]);
  edges.sort((a, b) => a.at - b.at);
  const open = new Set<number>();
  const found: Piece[] = [];
  let start = 0;
  const close = (end: number) => {
    if (end > start) {
      const looks = new Set([...open].sort((a, b) => a - b).map((rank) => ranges[rank]!.look));
      found.push({ start, end, look: [...looks].join(" ") });
    }
    start = end;
  };
  for (const { at, rank, opens } of edges) {
    close(at);
    if (opens) open.add(rank);
    else open.delete(rank);
  }
  close(text.length);
  return found;
}
