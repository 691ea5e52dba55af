/** The verdict, and the findings and problems behind it. */

import type { Evidence, Finding, Mark, Problem, Status } from "kubevet";

import { byId, h, icon, prose, reconcile } from "./dom.js";
import { ICONS } from "./icons.js";
import type { Evaluated } from "./judge.js";
import { isWord, say } from "./words.js";

/** What can be done with a finding. */
export interface Actions {
  fix(check?: string): void;
  mend(problem: number): void;
  explain(check: string): void;
  select(mark: Mark): void;
  nameOf(mark: Mark): string;
  answer(variable: string, isSet: boolean | undefined): void;
  known(variable: string): boolean | undefined;
  answered(): string[];
}

const ORDER: (Status | "problems")[] = ["fail", "undetermined", "manual", "problems", "pass", "not-applicable"];

/** What is shown in the beginning. */
const shown = new Set<Status | "problems">(["fail", "undetermined", "manual", "problems"]);

let latest: { evaluated: Evaluated; actions: Actions } | undefined;

/** Shows an evaluation, or in `error` why there is none. */
export function showFindings(evaluated: Evaluated, actions: Actions): void {
  latest = { evaluated, actions };
  showVerdict(evaluated);
  showFilters(evaluated);
  showContext(evaluated);
  showWants(evaluated, actions);
  showList(evaluated, actions);
}

export function showNothing(error?: string): void {
  latest = undefined;
  const verdict = byId("verdict");
  verdict.className = `verdict ${error ? "undetermined" : "none"}`;
  verdict.replaceChildren(...(error ? [icon(ICONS.undetermined), h("strong", {}, error)] : []));
  for (const id of ["filters", "context", "wants", "list", "refusals"]) byId(id).replaceChildren();
}

/** The verdict as a sentence, for who cannot see it. */
export function inWords(evaluated: Evaluated): string {
  const { check } = evaluated;
  const counts = ORDER.filter((status) => check.summary[status] > 0);
  return [headline(evaluated).text, ...counts.map((status) => `${check.summary[status]} ${say(status)}`)].join(", ");
}

/** What the exit status of the command would say. */
function headline({ check, exit }: Evaluated): { look: string; text: string } {
  const all = check.refusals.filter((refusal) => !refusal.versions);
  if (all.some((refusal) => refusal.stage !== "run")) return { look: "fail", text: say("wouldNotStart") };
  if (all.length > 0) return { look: "fail", text: say("wouldEnd") };
  if (check.summary.fail > 0) return { look: "fail", text: say("failing", { count: check.summary.fail }) };
  if (exit === 1) return { look: "fail", text: say("problemFails") };
  if (exit !== 0) {
    return { look: "undetermined", text: say(check.refusals.length > 0 ? "someWouldNot" : "undecidedOnly") };
  }
  // What is of no benchmark is not what was asked for.
  const isJudged = check.findings.some(({ status, sections }) => status === "pass" && sections.length > 0);
  return isJudged ? { look: "pass", text: say("nothingFails") } : { look: "undetermined", text: say("nothingJudged") };
}

function showVerdict(evaluated: Evaluated): void {
  const { check, marks } = evaluated;
  const { look, text } = headline(evaluated);
  const verdict = byId("verdict");
  verdict.className = `verdict ${look}`;
  verdict.replaceChildren(icon(ICONS[look as Status]), h("strong", {}, text));
  const refusals = check.refusals.map((refusal, at) => {
    const mark = marks.find((mark) => mark.kind === "refusal" && mark.at === at);
    const versions = refusal.versions ? h("span", { class: "tag" }, refusal.versions.join(", ")) : undefined;
    const stage = h("span", { class: "tag" }, say("stage", { stage: refusal.stage }));
    const other = refusal.id === "not-a-kubelet-configuration" && h("p", { class: "hint" }, ...prose(say("otherForm")));
    return h("li", {}, h("span", {}, ...prose(refusal.message)), " ", versions, versions && " ", stage, " ", mark && placeButton(mark), other || undefined);
  });
  byId("refusals").replaceChildren(...refusals);
}

function showFilters({ check }: Evaluated): void {
  const filters = byId("filters");
  const focused = (document.activeElement as HTMLElement | null)?.dataset["filter"];
  filters.replaceChildren(
    ...ORDER.map((status) => {
      const count = check.summary[status];
      return h(
        "button",
        {
          type: "button",
          class: `filter ${status} ${count === 0 ? "zero" : ""}`,
          "data-filter": status,
          "aria-pressed": String(shown.has(status)),
          onclick: () => {
            if (!shown.delete(status)) shown.add(status);
            if (latest) showFilters(latest.evaluated);
            if (latest) showList(latest.evaluated, latest.actions);
          },
        },
        icon(status === "problems" ? ICONS.problem : ICONS[status]),
        h("b", {}, count),
        " ",
        say(status),
      );
    }),
  );
  if (focused) filters.querySelector<HTMLElement>(`[data-filter="${focused}"]`)?.focus();
}

function showContext({ check }: Evaluated): void {
  byId("context").replaceChildren(
    ...check.context.flatMap(({ id, message }) => {
      const word = `context-${id}`;
      return [h("dt", {}, isWord(word) ? say(word) : id), h("dd", {}, ...prose(message))];
    }),
  );
}

/** What the rules asked for and did not get. What runs is not missed. */
function showWants({ wants }: Evaluated, actions: Actions): void {
  const items = wants.flatMap((want): HTMLElement[] => {
    const go = (id: string) =>
      h("button", { type: "button", class: "link", onclick: () => document.getElementById(id)?.focus() }, say("paste"));
    const path = want.path ?? "";
    if (want.want === "file") return [h("li", {}, ...prose(say("wantFile", { path: `\`${path}\`` })), " ", go("file-text"))];
    if (want.want === "directory") {
      return [h("li", {}, ...prose(say("wantDirectory", { path: `\`${path}\`` })), " ", go("add-drop-in"))];
    }
    return [];
  });
  // Only two versions look at one. What was answered stays, so that the answer can be changed.
  const isAsked = latest?.evaluated.check.versions.some((version) => version === "1.28" || version === "1.29");
  const asked = wants.filter((want) => isAsked && want.want === "environment-has").map((want) => want.name ?? "");
  for (const name of new Set([...asked, ...actions.answered()])) items.push(variableItem(name, actions));
  const box = byId("wants");
  if (box.contains(document.activeElement) && box.querySelectorAll("li").length === items.length) return;
  box.replaceChildren(...(items.length > 0 ? [h("p", {}, say("wants")), h("ul", {}, ...items)] : []));
}

function variableItem(name: string, actions: Actions): HTMLElement {
  const known = actions.known(name);
  const option = (value: string, text: string, isChosen: boolean) => h("option", { value, selected: isChosen }, text);
  const select = h(
    "select",
    {
      "aria-label": say("wantVariable", { name }),
      onchange: () => actions.answer(name, select.value === "" ? undefined : select.value === "yes"),
    },
    option("", say("unknown"), known === undefined),
    option("yes", say("isSet"), known === true),
    option("no", say("isNotSet"), known === false),
  );
  return h("li", {}, ...prose(say("wantVariable", { name: `\`${name}\`` })), " ", select);
}

type Item = { key: string; finding: Finding; at: number; marks: Mark[]; isSame: boolean } | { key: string; problem: Problem; at: number; marks: Mark[] };

function showList({ check, marks }: Evaluated, actions: Actions): void {
  const items: Item[] = [];
  const bySection = (a: Finding, b: Finding) => rank(a.severity) - rank(b.severity);
  for (const status of ORDER) {
    if (!shown.has(status)) continue;
    if (status === "problems") {
      check.problems.forEach((problem, at) => {
        const own = marks.filter((mark) => mark.kind === "problem" && mark.at === at);
        items.push({ key: `problem ${at} ${problem.message}`, problem, at, marks: own });
      });
      continue;
    }
    const findings = check.findings.map((finding, at) => ({ finding, at })).filter(({ finding }) => finding.status === status);
    findings.sort((a, b) => bySection(a.finding, b.finding));
    const isSame = findings.length > 2 && findings.every(({ finding }) => finding.message === findings[0]?.finding.message);
    for (const { finding, at } of findings) {
      const own = marks.filter((mark) => (mark.kind === "finding" || mark.kind === "related") && mark.at === at);
      const sections = finding.sections.map((section) => section.benchmark + section.section).join(" ");
      items.push({ key: `${finding.check} ${sections}`, finding, at, marks: own, isSame });
    }
  }
  const list = byId("list");
  reconcile(list, items, (item) => item.key, (item, before) => ("finding" in item ? findingCard(item, before, actions) : problemCard(item, actions)));
  byId("none").hidden = items.length > 0;
  byId("none").textContent = say("noFindings");
  const fixable = check.findings.some((finding) => canFix(finding));
  byId<HTMLButtonElement>("fix-all").hidden = !fixable;
}

function rank(severity: Finding["severity"]): number {
  return ["critical", "high", "medium", "low"].indexOf(severity);
}

function findingCard(
  { finding, marks, isSame }: { finding: Finding; marks: Mark[]; isSame: boolean },
  before: HTMLElement | undefined,
  actions: Actions,
): HTMLElement {
  const { check, status, message, severity, sections, primary, related, notes = [], remedies } = finding;
  const isOpen = before ? (before as HTMLDetailsElement).open : status === "fail";
  // Where nothing is decided, all findings say the same: then the name tells more.
  const [first, second] = isSame ? [check, message] : [message, check];
  const primaryMark = marks.find((mark) => mark.kind === "finding");
  const evidence = [
    evidenceItem(primary, primaryMark, message),
    ...related.map((one, number) => {
      const mark = marks.find((mark) => mark.kind === "related" && mark.evidence === number);
      return evidenceItem(one, mark, message);
    }),
  ];
  return h(
    "details",
    { class: `card ${status}`, open: isOpen, name: undefined },
    h(
      "summary",
      { "data-focus": "summary" },
      icon(ICONS[status]),
      h("span", { class: "visually-hidden" }, `${say(status)}: `),
      h("span", { class: "what" }, h("span", { class: isSame ? "id message" : "message" }, ...prose(first)), h("span", { class: isSame ? "label" : "id" }, ...prose(second))),
      h("span", { class: "numbers" }, ...numbers(sections)),
    ),
    h(
      "div",
      { class: "body" },
      h("ul", { class: "evidence" }, ...evidence),
      ...remedies.map((remedy) => remedyParagraph(remedy.message, status === "fail" ? remedy.blocked : undefined)),
      ...notes.map((note) => h("p", { class: "note" }, ...prose(note))),
      h(
        "p",
        { class: "actions" },
        canFix(finding) &&
          h("button", { type: "button", class: "primary small", "data-focus": "fix", onclick: () => actions.fix(check) }, say("apply")),
        h("button", { type: "button", class: "small", "data-focus": "why", onclick: () => actions.explain(check) }, say("why")),
        h("span", { class: `tag severity ${severity}` }, say("severity", { severity: say(severity) })),
      ),
    ),
  );
}

/** Whether there is an edit to try: of a file, or of the flags, which can be left out where they decide. */
function canFix({ check, status, primary, remedies }: Finding): boolean {
  if (status !== "fail" || check === "kubelet-starts") return false;
  return primary.argument !== undefined || remedies.some((remedy) => remedy.edits?.length && !remedy.blocked);
}

function remedyParagraph(message: string, blocked: string | undefined): HTMLElement {
  return h("p", { class: "remedy" }, ...prose(message), blocked ? h("span", { class: "blocked" }, ...prose(blocked)) : undefined);
}

/** The first numbers; the rest are counted. */
function numbers(sections: Finding["sections"]): Node[] {
  const few = sections.slice(0, 2).map(({ benchmark, section }) => h("span", { class: "number" }, h("small", {}, benchmark), " ", section));
  const more = sections.length - few.length;
  return more > 0 ? [...few, h("span", { class: "number" }, say("moreSections", { count: more }))] : few;
}

function evidenceItem(evidence: Evidence, mark: Mark | undefined, message: string): HTMLElement | undefined {
  const label = evidence.label && evidence.label !== message ? evidence.label : "";
  const isOverridden = mark?.kind === "related";
  const where = mark ? placeButton(mark) : h("span", { class: "place" }, placeInWords(evidence));
  if (!mark && !placeInWords(evidence) && !label) return undefined;
  const text = evidence.text ? h(isOverridden ? "s" : "code", { class: "text" }, evidence.text) : undefined;
  return h("li", {}, where, " ", text, text && " ", h("span", { class: "label" }, ...prose(label)));
}

function placeInWords({ path, line, argument, document }: Evidence): string {
  if (argument !== undefined) return say("argument", { number: argument });
  if (path !== undefined) return line === undefined ? path : `${path}:${line}`;
  return document === "live-configuration" ? "/configz" : "";
}

/** Leads to a place in the text. */
export function placeButton(mark: Mark): HTMLElement {
  const actions = latest?.actions;
  return h(
    "button",
    { type: "button", class: "place", title: say("whereLine"), "data-focus": `place ${mark.box} ${mark.start}`, onclick: () => actions?.select(mark) },
    actions?.nameOf(mark) ?? "",
  );
}

function problemCard({ problem, at, marks }: { problem: Problem; at: number; marks: Mark[] }, actions: Actions): HTMLElement {
  const mark = marks[0];
  return h(
    "div",
    { class: `card problem-card ${problem.severity}` },
    icon(ICONS.problem),
    h("span", { class: "visually-hidden" }, `${say("problem")}: `),
    h(
      "div",
      { class: "what" },
      h("p", {}, ...prose(problem.message)),
      h(
        "p",
        { class: "actions" },
        mark && placeButton(mark),
        problem.edits && problem.edits.length > 0 && mark &&
          h("button", { type: "button", class: "primary small", "data-focus": "mend", onclick: () => actions.mend(at) }, say("rename")),
      ),
    ),
  );
}
