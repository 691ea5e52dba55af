/** The settings, each with its ladder: default, file, drop-ins, flag, and which of them won. */

import type { Branch, Decided, EffectiveReport, Json, Mark, Setting, Source } from "kubevet";

import { byId, h, reconcile } from "./dom.js";
import { placeButton } from "./findings.js";
import type { Evaluated } from "./judge.js";
import { say, type Word } from "./words.js";

/** Weakest first: each rung overrides those before it. */
const ORIGINS = ["default", "live", "config-file", "drop-in", "flag"] as const;

const NAMES: Record<Source["origin"], Word> = {
  default: "defaults",
  live: "liveOrigin",
  "config-file": "config-file",
  "drop-in": "drop-in",
  flag: "flag",
};

let latest: Evaluated | undefined;

export function showSettings(evaluated: Evaluated | undefined): void {
  latest = evaluated;
  render();
}

/** The search box and the switch lead to another list. */
export function listen(): void {
  byId("search").addEventListener("input", render);
  byId("only-set").addEventListener("change", render);
}

function render(): void {
  const list = byId("settings-list");
  const nothing = byId("settings-none");
  if (!latest) {
    list.replaceChildren();
    nothing.hidden = true;
    return;
  }
  const { effective, marks } = latest;
  const words = byId<HTMLInputElement>("search").value.trim().toLowerCase();
  const onlySet = byId<HTMLInputElement>("only-set").checked && words === "";
  const rows = rowsOf(effective)
    .filter(([name, setting]) => name.toLowerCase().includes(words) && (!onlySet || branches(setting).some(isSet)))
    .map(([name, setting]) => ({ name, setting, marks: marks.filter((mark) => "setting" in mark && mark.setting === name) }));
  reconcile(list, rows, ({ name }) => name, row);
  nothing.hidden = rows.length > 0;
  nothing.textContent = say(words === "" ? "noneSet" : "noSuch");
}

function rowsOf({ settings, flags }: EffectiveReport): [string, Setting][] {
  // A flag without a place in a file is mostly a plain value, which says nothing of how it was decided.
  const decided = Object.entries(flags).filter((entry): entry is [string, Setting] => isSetting(entry[1]));
  return [...Object.entries(settings), ...decided];
}

function isSetting(value: Json | Setting): value is Setting {
  return typeof value === "object" && value !== null && !Array.isArray(value) && ("source" in value || "byVersion" in value);
}

function branches(setting: Setting): Branch[] {
  return "byVersion" in setting ? setting.byVersion : [setting];
}

function isSet(branch: Branch): boolean {
  return "unknown" in branch || branch.source.origin !== "default" || (branch.overridden ?? []).length > 0 || branch.keys !== undefined;
}

function row({ name, setting, marks }: { name: string; setting: Setting; marks: Mark[] }, before: HTMLElement | undefined): HTMLElement {
  const all = branches(setting);
  const first = all[0];
  const isOpen = before ? (before as HTMLDetailsElement).open : false;
  return h(
    "details",
    { class: "setting", open: isOpen },
    h(
      "summary",
      { "data-focus": "summary" },
      h("span", { class: "name" }, name),
      h("span", { class: "value" }, ...all.slice(0, 3).map((branch) => h("code", {}, valueOf(branch)))),
      first && !("unknown" in first) && h("span", { class: `origin ${first.source.origin}` }, say(NAMES[first.source.origin])),
    ),
    ...all.map((branch) => ladder(name, branch, marks)),
  );
}

function valueOf(branch: Branch): string {
  if ("unknown" in branch) return say("unknown");
  return jsonOf(branch);
}

function jsonOf({ value, withheld }: { value?: Json; withheld?: boolean }): string {
  if (withheld) return say("withheld");
  return value === undefined ? say("noValue") : JSON.stringify(value);
}

function ladder(name: string, branch: Branch, marks: Mark[]): HTMLElement {
  const versions = branch.versions ? h("p", { class: "versions" }, h("span", { class: "tag" }, branch.versions.join(", "))) : undefined;
  if ("unknown" in branch) return h("div", { class: "ladder" }, versions, h("p", {}, branch.unknown.message));
  const rungs = rungsOf(branch, marks);
  const list = h("ol", { "aria-label": say("ladder", { name }) }, ...rungs);
  return h("div", { class: "ladder" }, versions, list, keyList(branch));
}

function rungsOf(branch: Decided, marks: Mark[]): HTMLElement[] {
  const sources = [
    ...(branch.overridden ?? []).map((source) => ({ source, wins: false })).reverse(),
    { source: { ...branch.source, ...valuePart(branch) }, wins: true },
  ];
  const hasDefault = sources.some(({ source }) => source.origin === "default");
  const strength = ({ source }: { source: Source }) => ORIGINS.indexOf(source.origin);
  const rungs = sources.sort((a, b) => strength(a) - strength(b)).map(({ source, wins }) => rung(source, wins, marks));
  if (!hasDefault) rungs.unshift(h("li", { class: "rung" }, h("span", { class: "origin default" }, say("defaults")), h("span", { class: "state" }, say("overridden"))));
  return rungs;
}

function valuePart({ value, withheld }: Decided): { value?: Json; withheld?: boolean } {
  return { ...(value !== undefined && { value }), ...(withheld && { withheld }) };
}

function rung(source: Source, wins: boolean, marks: Mark[]): HTMLElement {
  const mark = marks.find((mark) => mark.kind === (wins ? "decides" : "overridden") && isAt(mark, source));
  const value = h(wins ? "code" : "s", { class: "text" }, source.text && !wins ? source.text : jsonOf(source));
  return h(
    "li",
    { class: `rung ${wins ? "wins" : ""}` },
    h("span", { class: `origin ${source.origin}` }, say(NAMES[source.origin])),
    value,
    mark ? placeButton(mark) : source.path && h("span", { class: "place" }, source.path),
    source.detail && h("span", { class: "label" }, source.detail),
    h("span", { class: "state" }, say(wins ? "decides" : "overridden")),
  );
}

function isAt(mark: Mark, source: Source): boolean {
  const boxes = { flag: "flags", "config-file": "file", "drop-in": "drop-in", live: "live", default: "" };
  return mark.box === boxes[source.origin];
}

/** Maps are decided key by key. */
function keyList({ keys }: Decided): HTMLElement | undefined {
  if (!keys) return undefined;
  const entries = Object.entries(keys).map(([key, source]) =>
    h(
      "li",
      { class: "rung wins" },
      h("span", { class: `origin ${source.origin}` }, say(NAMES[source.origin])),
      h("code", { class: "text" }, `${key}: ${jsonOf(source)}`),
      source.path && h("span", { class: "place" }, source.line === undefined ? source.path : `${source.path}:${source.line}`),
    ),
  );
  return h("div", {}, h("p", { class: "label" }, say("keyByKey")), h("ul", {}, ...entries));
}
