/** Elements, made without markup: text is always text, and attributes are those that are written here. */

type Child = Node | string | number | undefined | false | null;

interface Props {
  class?: string;
  [name: string]: string | boolean | number | undefined | ((event: never) => void);
}

/** An element. Functions are listeners (`onclick`), everything else is an attribute; `true` is one without a value. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter(isThere).map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

function isThere(child: Child): child is Node | string | number {
  return child !== undefined && child !== false && child !== null && child !== "";
}

/** The element of the page with this id. */
export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** A picture of one path, in a box of 16 by 16; it says nothing that the text beside it does not. */
export function icon(path: string, name = ""): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon ${name}`);
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(space, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/** Text in which `words` in backticks are code. */
export function prose(text: string): (Node | string)[] {
  return text.split(/(`[^`]+`)/).map((part) => (/^`[^`]+`$/.test(part) ? h("code", {}, part.slice(1, -1)) : part));
}

/**
 * Brings the children of an element to this list, each known by its key: one that says the same stays as it is, with its
 * focus and what is open in it.
 */
export function reconcile<T>(
  parent: HTMLElement,
  items: T[],
  key: (item: T) => string,
  make: (item: T, before: HTMLElement | undefined) => HTMLElement,
): void {
  const known = new Map<string, HTMLElement>();
  for (const child of parent.children) known.set((child as HTMLElement).dataset["key"] ?? "", child as HTMLElement);
  const wanted = items.map((item) => {
    const name = key(item);
    const said = JSON.stringify(item) + document.documentElement.lang;
    const before = known.get(name);
    known.delete(name);
    if (before && before.dataset["said"] === said) return before;
    const focused = before?.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset["focus"]
      : undefined;
    const element = make(item, before);
    element.dataset["key"] = name;
    element.dataset["said"] = said;
    if (before) {
      before.replaceWith(element);
      if (focused) element.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    }
    return element;
  });
  for (const gone of known.values()) gone.remove();
  wanted.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
}
