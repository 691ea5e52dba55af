/** What opens above the page: explanations, links, texts to copy. */

import type { Check, Description } from "kubevet";

import { byId, h, prose } from "./dom.js";
import { copy } from "./export.js";
import { say, isWord } from "./words.js";

/** Opens a dialog with a title. */
export function open(title: string, ...content: (Node | string | undefined)[]): HTMLDialogElement {
  const dialog = byId<HTMLDialogElement>("dialog");
  byId("dialog-title").textContent = title;
  byId("dialog-body").replaceChildren(...content.filter((part) => part !== undefined));
  byId("dialog-close").setAttribute("aria-label", say("close"));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  return dialog;
}

/** Why a check is made, how it is decided, and what to do. */
export function explain(description: Description, name: string): void {
  const check = description.checks.find((check) => check.check === name);
  if (!check) {
    open(say("noSuchCheck", { name }));
    return;
  }
  const remedies = Object.entries(check.remedies);
  const [any, others] = [remedies.find(([platform]) => platform === "any"), remedies.filter(([platform]) => platform !== "any")];
  open(
    check.title,
    h("p", { class: "meta" }, h("code", {}, check.check), " ", h("span", { class: "tag" }, say("severity", { severity: isWord(check.severity) ? say(check.severity) : check.severity }))),
    h("h3", {}, say("explanation")),
    ...check.explanation.split("\n\n").map((paragraph) => h("p", {}, ...prose(paragraph))),
    h("h3", {}, say("remedy")),
    any && h("p", {}, ...prose(any[1])),
    others.length > 0
      ? h("dl", {}, ...others.flatMap(([platform, remedy]) => [
          h("dt", {}, description.platforms[platform] ?? platform),
          h("dd", {}, ...prose(remedy)),
        ]))
      : undefined,
    check.sections.length > 0 ? h("h3", {}, say("sections")) : undefined,
    sectionTable(check),
    h("p", {}, h("button", { type: "button", class: "small", onclick: () => void give(addressOf(check.check)) }, say("permalink"))),
  );
}

/** Where an explanation can be found again. */
function addressOf(check: string): string {
  return `${location.href.replace(/#.*$/, "")}#check=${encodeURIComponent(check)}`;
}

function sectionTable(check: Check): HTMLElement {
  const items = check.sections.map(({ benchmark, section, level }) =>
    h("li", {}, h("b", {}, section), " ", benchmark, level > 1 ? h("small", {}, ` ${say("levelOf", { level })}`) : undefined));
  return h("ul", { class: "sections" }, ...items);
}

/** A text for the clipboard; where the browser does not allow that, to be selected by hand. */
export async function give(text: string): Promise<boolean> {
  if (await copy(text)) return true;
  const area = h("textarea", { class: "to-copy", readonly: true, rows: 6, "aria-label": say("notCopied") });
  area.value = text;
  open(say("export"), h("p", {}, say("notCopied")), area);
  area.select();
  return false;
}
