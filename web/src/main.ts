/** The page: what stands in its boxes is judged with every key. */

import type { Description, Mark, Status } from "kubevet";
import examples from "examples";
import { benchmarks, platforms, versions } from "known";
import { digest, version } from "rules";

import { Boxes } from "./boxes.js";
import { explain, give, open } from "./dialogs.js";
import { byId, h } from "./dom.js";
import { command, download, isAssignment, quoted } from "./export.js";
import { inWords, showFindings, showNothing, type Actions } from "./findings.js";
import { Judge, PATIENCE_SECONDS, TooSlow, type Evaluated } from "./judge.js";
import { redacted, withoutSecrets } from "./redact.js";
import { listen as listenToSettings, showSettings } from "./settings.js";
import { MAX_LINK, pack, readAddress, unpack } from "./share.js";
import { emptyState, fromUnknown, isEmpty, options, target, toPlain, type State } from "./state.js";
import { isWord, say, setLanguage, type Language } from "./words.js";

/** Where a tab keeps what stands in the boxes, so that loading the page again loses nothing. It ends with the tab. */
const KEPT = "kubevet-state";
const THEME = "kubevet-theme";

const judge = new Judge();
let state = emptyState(preferredLanguage());
let latest: Evaluated | undefined;
let description: Promise<Description> | undefined;

const boxes = new Boxes(state, {
  changed,
  refused: (message) => toast(message, "alert"),
  taken: (next, message, isAlert) => replace(message, next, isAlert ? "alert" : undefined),
});

const actions: Actions = {
  fix: (check) => void fix(check),
  mend: (problem) => void mend(problem),
  explain: (check) => void showExplanation(check),
  select: (mark) => boxes.select(mark),
  nameOf: placeName,
  known: (variable) => state.environment[variable],
  answered: () => Object.keys(state.environment),
  answer: (variable, isSet) => {
    if (isSet === undefined) delete state.environment[variable];
    else state.environment[variable] = isSet;
    changed();
  },
};

function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

// ---- judging

let running = false;
let stale = false;
let spoken = 0;

/** Something is other than it was: it is judged again, and what changes meanwhile after that. */
function changed(): void {
  keep();
  stale = true;
  byId("results").setAttribute("aria-busy", "true");
  byId("intro").hidden = !isEmpty(state);
  byId("outcome").hidden = isEmpty(state);
  if (!running) void evaluate();
}

async function evaluate(): Promise<void> {
  running = true;
  while (stale) {
    stale = false;
    if (isEmpty(state)) {
      nothing();
      continue;
    }
    try {
      const evaluated = await judge.evaluate(target(state), options(state));
      // What was judged is no more what stands there.
      if (stale) continue;
      latest = evaluated;
      boxes.show(looks(evaluated));
      showFindings(evaluated, actions);
      showSettings(evaluated);
      byId("time").textContent = `${evaluated.milliseconds.toFixed(1)} ms`;
      document.title = `${inWords(evaluated).split(",")[0]} · kubevet`;
      speak(inWords(evaluated));
    } catch (error) {
      if (stale) continue;
      nothing(error instanceof TooSlow ? say("slow", { seconds: PATIENCE_SECONDS }) : say("broken", { why: (error as Error).message }));
    }
  }
  running = false;
  byId("results").removeAttribute("aria-busy");
  byId("results").setAttribute("data-judged", String(Number(byId("results").getAttribute("data-judged") ?? 0) + 1));
}

/** Nothing is judged, and nothing of what was is left. */
function nothing(error = ""): void {
  latest = undefined;
  boxes.show([]);
  showNothing(error);
  showSettings(undefined);
  byId("time").textContent = "";
  document.title = "kubevet";
  speak(error);
}

/** Tells the verdict to screen readers, when the typing pauses. */
function speak(words: string): void {
  clearTimeout(spoken);
  spoken = setTimeout(() => (byId("spoken").textContent = words), 800) as unknown as number;
}

/** How each place looks. What decides a finding has its status; what was overridden is struck through. */
function looks({ check, marks }: Evaluated): { mark: Mark; look: string }[] {
  const shown: { mark: Mark; look: string }[] = [];
  const add = (mark: Mark, look: string) => shown.push({ mark, look });
  const startsNot = check.refusals.some((refusal) => !refusal.versions);
  for (const mark of marks) if (mark.kind === "decides") add(mark, "m-decides");
  for (const wanted of ["pass", "manual", "undetermined", "fail"] satisfies Status[]) {
    for (const mark of marks) {
      if (mark.kind !== "finding") continue;
      const status = check.findings[mark.at]?.status;
      // Where the kubelet does not start, all that is not decided points to the reason.
      if (status === wanted && !(startsNot && status === "undetermined")) add(mark, `m-${status} ${status === "pass" ? "" : status}`.trim());
    }
  }
  for (const mark of marks) if (mark.kind === "overridden") add(mark, "m-overridden");
  for (const mark of marks) if (mark.kind === "problem") add(mark, "m-problem problem");
  for (const mark of marks) if (mark.kind === "refusal") add(mark, "m-refusal refusal");
  return shown;
}

/** A place as people say it: `config.yaml:6`. */
function placeName(mark: Mark): string {
  const text = boxes.editor(mark)?.text ?? "";
  const line = text.slice(0, mark.start).split("\n").length;
  const isOneLine = mark.box === "flags" && !text.includes("\n");
  return isOneLine ? boxes.name(mark) : `${boxes.name(mark)}:${line}`;
}

// ---- edits

async function fix(check?: string): Promise<void> {
  if (!latest) return;
  const fixes = await judge.fix(check);
  if (fixes.files.length === 0) {
    toast(say("notFixed", { why: fixes.left.map(({ reason }) => reason).join(" ") }), "alert");
    return;
  }
  edit(fixes.files, say("applied", { what: fixes.fixed.join(", ") }));
}

async function mend(problem: number): Promise<void> {
  if (!latest) return;
  const what = latest.check.problems[problem]?.text ?? "";
  edit((await judge.mend(problem)).files, say("applied", { what }));
}

function edit(files: Awaited<ReturnType<Judge["fix"]>>["files"], message: string): void {
  undoable(message, () => {
    for (const file of files) {
      if (file.box === "flags") state.flags = file.text;
      else if (file.box === "file") state.file.text = file.text;
      else if (file.box === "drop-in") state.dropIns[file.index ?? -1]!.text = file.text;
    }
  });
}

/** Changes the state, and offers to take it back. */
function undoable(message: string, change: () => void, role: "status" | "alert" = "status"): void {
  const before = structuredClone(state);
  change();
  show();
  toast(message, role, () => {
    state = before;
    show();
  });
}

/** Another state in place of this one, which can be taken back where there was anything. */
function replace(message: string, by: State, role?: "alert"): void {
  const change = () => void (state = by);
  if (role || !isEmpty(state)) return undoable(message, change, role);
  change();
  show();
}

/** Shows the state that there is now. */
function show(): void {
  if (document.documentElement.lang !== state.language) translate();
  boxes.load(state);
  for (const name of ["version", "platform", "benchmark", "level"] as const) {
    const select = byId<HTMLSelectElement>(name);
    if (![...select.options].some((option) => option.value === state[name])) select.append(h("option", { value: state[name] }, state[name]));
    select.value = state[name];
  }
  byId<HTMLSelectElement>("language").value = state.language;
  byId<HTMLInputElement>("strict").checked = state.strict;
  changed();
}

// ---- messages

let toastTimer = 0;

function toast(message: string, role: "status" | "alert", undo?: () => void): void {
  const box = byId("toast");
  clearTimeout(toastTimer);
  const close = () => box.replaceChildren();
  const button = undo && h("button", { type: "button", class: "link", onclick: () => (close(), undo()) }, say("undo"));
  const x = h("button", { type: "button", class: "link", onclick: close, "aria-label": say("close") }, "✕");
  box.replaceChildren(h("div", { class: `message ${role}`, role }, h("span", {}, message), button, x));
  // Long enough to be read, and to reach its button.
  toastTimer = setTimeout(() => {
    if (!box.contains(document.activeElement) && !box.matches(":hover")) close();
  }, 12_000) as unknown as number;
}

async function showExplanation(check: string): Promise<void> {
  description ??= judge.describe(state.language);
  explain(await description, check);
}

// ---- links and exports

/** What stands here now, without what may be secrets. @throws where the rules cannot say what that is */
async function shareable(): Promise<State> {
  const now = structuredClone(state);
  return withoutSecrets(now, isEmpty(now) ? [] : await judge.secrets(target(now), { values: options(now).values! }));
}

async function showLink(): Promise<void> {
  const clean = await shareable();
  const redact = h("input", { type: "checkbox", id: "redact" });
  const note = h("p", { class: "note", role: "status" });
  const button = h("button", { type: "button", class: "primary" }, say("copyLink"));
  const address = h("textarea", { class: "to-copy", readonly: true, rows: 3, "aria-label": say("linkTitle") });
  const update = async () => {
    const shared = redact.checked ? redacted(clean) : clean;
    const packed = await pack(shared);
    const isTooLarge = packed.length > MAX_LINK;
    address.value = isTooLarge ? "" : `${location.href.replace(/#.*$/, "")}#s=${packed}`;
    button.disabled = isTooLarge;
    note.textContent = isTooLarge
      ? say("linkTooLarge", { size: packed.length, limit: MAX_LINK })
      : [say("linkSize", { size: address.value.length }), redact.checked ? await comparison(shared) : ""].filter(Boolean).join(" · ");
  };
  redact.addEventListener("change", () => void update());
  button.addEventListener("click", () => void give(address.value).then((isCopied) => isCopied && toast(say("copied"), "status")));
  const warning = h("p", { class: "warning" }, say("linkWarning"));
  const choice = h("p", {}, h("label", {}, redact, " ", say("redact")), " ", h("small", {}, say("redactHint")));
  open(say("linkTitle"), warning, choice, address, note, h("p", { class: "actions" }, button));
  await update();
  button.focus();
}

function notShared(error: Error): void {
  toast(say("notShared", { why: error instanceof TooSlow ? say("slow", { seconds: PATIENCE_SECONDS }) : error.message }), "alert");
}

/** Whether what is left after redacting is judged as the whole is. */
async function comparison(shared: State): Promise<string> {
  if (isEmpty(shared) || !latest) return "";
  const others = await judge.statuses(target(shared), options(shared));
  const own = latest.check.findings;
  const differing = own.filter((finding, index) => others[index]?.status !== finding.status).map(({ check }) => check);
  return differing.length === 0 ? say("linkSame") : say("linkDiffers", { checks: [...new Set(differing)].join(", ") });
}

/** Flags as the command takes them, which knows no variables of systemd. */
async function words(flags: string): Promise<string> {
  if (!isAssignment(flags)) return flags.trim();
  const { args } = JSON.parse(await judge.bundle({ flags }, {})) as { args: string[] };
  return args.map(quoted).join(" ");
}

/** Whether a check that fails is decided by no flag and no drop-in, so that it is mended in the file. */
function isOfFile(check: string): boolean {
  const at = latest?.check.findings.findIndex((finding) => finding.check === check && finding.status === "fail");
  const mark = latest?.marks.find((mark) => mark.kind === "finding" && mark.at === at);
  return !mark || mark.box === "file";
}

const EXPORTS: Record<string, () => Promise<void>> = {
  "copy-command": async () => void ((await give(command(state, await words(state.flags)))) && toast(say("copied"), "status")),
  "copy-file": async () => {
    const fixes = await judge.fix();
    const fixed = fixes.files.find((file) => file.box === "file")?.text ?? state.file.text;
    const inFile = fixed === state.file.text ? [] : fixes.fixed.filter(isOfFile);
    if (await give(fixed)) toast([say("copied"), ...(inFile.length > 0 ? [say("applied", { what: inFile.join(", ") })] : [])].join(" "), "status");
  },
  "download-json": async () => download("kubevet.json", "application/json", `${await judge.write("check")}\n`),
  "download-sarif": async () => download("kubevet.sarif", "application/sarif+json", await judge.write("sarif")),
  "download-effective": async () => download("kubevet-effective.json", "application/json", `${await judge.write("effective")}\n`),
  "download-bundle": () =>
    shareable()
      .then((clean) => judge.bundle(target(clean), options(clean)))
      .then((bundle) => download("kubevet-bundle.json", "application/json", `${bundle}\n`), notShared),
};

// ---- the page's own parts

function fillSelects(): void {
  const option = (value: string, text: string) => h("option", { value }, text);
  byId("version").replaceChildren(option("", say("anyVersion")), ...versions.toReversed().map((version) => option(version, version)));
  byId("platform").replaceChildren(option("", say("recognised")), ...Object.entries(platforms).map(([id, name]) => option(id, name)));
  byId("benchmark").replaceChildren(option("", say("auto")), ...Object.keys(benchmarks).map((name) => option(name, name)));
  byId("level").replaceChildren(option("", say("bothLevels")), option("1", "1"));
}

/** All words that are the page's own. */
function translate(): void {
  setLanguage(state.language);
  for (const element of document.querySelectorAll<HTMLElement>("[data-word]")) {
    const word = element.dataset["word"]!;
    if (isWord(word)) element.textContent = say(word);
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    const word = element.dataset["label"]!;
    if (!isWord(word)) continue;
    element.setAttribute("aria-label", say(word));
    if (element.hasAttribute("title") || element.tagName === "BUTTON") element.title = say(word);
    if (element instanceof HTMLInputElement) element.placeholder = element.dataset["placeholder"] ?? say(word);
  }
  byId("strict").parentElement!.title = say("strictHint");
  byId("rules").textContent = say("rules", { version });
  fillSelects();
  fillExamples();
  boxes.relabel();
  description = undefined;
}

function fillExamples(): void {
  const make = (className: string) =>
    examples.map(({ name, state: example }) =>
      h("button", { type: "button", class: className, onclick: () => loadExample(name, example) }, isWord(name) ? say(name) : name));
  byId("example-menu").replaceChildren(...make("item"));
  byId("intro-examples").replaceChildren(...make("chip"));
}

function loadExample(name: string, example: Partial<State>): void {
  closeMenus();
  replace(isWord(name) ? say(name) : name, { ...emptyState(state.language), ...structuredClone(example) });
}

function closeMenus(): void {
  document.querySelectorAll<HTMLDetailsElement>("details.menu[open]").forEach((menu) => (menu.open = false));
}

function listen(): void {
  for (const name of ["version", "platform", "benchmark", "level"] as const) {
    const select = byId<HTMLSelectElement>(name);
    select.addEventListener("change", () => {
      state[name] = select.value;
      changed();
    });
  }
  byId("strict").addEventListener("change", (event) => {
    state.strict = (event.target as HTMLInputElement).checked;
    changed();
  });
  const language = byId<HTMLSelectElement>("language");
  language.addEventListener("change", () => {
    state.language = language.value as Language;
    show();
  });
  byId("theme").addEventListener("click", switchTheme);
  byId("share").addEventListener("click", () => showLink().catch(notShared));
  byId("fix-all").addEventListener("click", () => void fix());
  byId("clear").addEventListener("click", () => undoable(say("cleared"), () => (state = emptyState(state.language))));
  const files = byId<HTMLInputElement>("files");
  byId("open").addEventListener("click", () => files.click());
  files.addEventListener("change", () => void boxes.take([...(files.files ?? [])]).then(() => (files.value = "")));
  for (const [id, make] of Object.entries(EXPORTS)) {
    byId(id).addEventListener("click", () => {
      closeMenus();
      make().catch((error: Error) => toast(say("broken", { why: error.message }), "alert"));
    });
  }
  listenToDrops();
  listenToTabs();
  listenToSettings();
  byId("dialog-close").addEventListener("click", () => byId<HTMLDialogElement>("dialog").close());
  byId("dialog").addEventListener("close", () => {
    if (readAddress(location.hash).check) history.replaceState(null, "", location.pathname + location.search);
  });
  byId("dialog").addEventListener("click", (event) => {
    if (event.target === event.currentTarget) byId<HTMLDialogElement>("dialog").close();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  addEventListener("pagehide", keepNow);
  addEventListener("hashchange", () => void followAddress());
}

function listenToDrops(): void {
  let depth = 0;
  const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const shade = (isOn: boolean) => byId("drop").classList.toggle("on", isOn);
  addEventListener("dragenter", (event) => isFiles(event) && shade(++depth > 0));
  addEventListener("dragleave", (event) => isFiles(event) && shade(--depth > 0));
  addEventListener("dragover", (event) => isFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    depth = 0;
    shade(false);
    void boxes.take([...(event.dataTransfer?.files ?? [])]);
  });
}

function listenToTabs(): void {
  const tabs = [...document.querySelectorAll<HTMLButtonElement>("[role=tab]")];
  const choose = (tab: HTMLButtonElement) => {
    for (const other of tabs) {
      const isChosen = other === tab;
      other.setAttribute("aria-selected", String(isChosen));
      other.tabIndex = isChosen ? 0 : -1;
      byId(other.getAttribute("aria-controls")!).hidden = !isChosen;
    }
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      const next = tabs[(index + step + tabs.length) % tabs.length]!;
      choose(next);
      next.focus();
    });
  });
}

function switchTheme(): void {
  const root = document.documentElement;
  const isDark = root.dataset["theme"] ? root.dataset["theme"] === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset["theme"] = isDark ? "light" : "dark";
  store(localStorage, THEME, root.dataset["theme"]);
}

/** Storage may be switched off. */
function store(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // What cannot be kept is not kept.
  }
}

function stored(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

let keeping = 0;

function keep(): void {
  clearTimeout(keeping);
  keeping = setTimeout(keepNow, 400) as unknown as number;
}

function keepNow(): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(toPlain(state)));
  } catch {
    // Storage is off or full.
  }
}

function kept(): State | undefined {
  try {
    return fromUnknown(JSON.parse(stored(() => sessionStorage, KEPT) ?? "null"), preferredLanguage());
  } catch {
    return undefined;
  }
}

/** What the address asks for. A link is loaded once: afterwards the address does not tell any more what stands here. */
async function followAddress(): Promise<void> {
  const { state: packed, check } = readAddress(location.hash);
  if (packed !== undefined) {
    const given = await unpack(packed, state.language);
    // Otherwise it would be loaded again with the page, over all that was done since.
    history.replaceState(null, "", location.pathname + location.search + (check === undefined ? "" : `#check=${encodeURIComponent(check)}`));
    if (given) replace(say("linkLoaded"), given);
    else toast(say("brokenLink"), "alert");
  }
  if (check !== undefined) await showExplanation(check);
}

function start(): void {
  const theme = stored(() => localStorage, THEME);
  if (theme === "dark" || theme === "light") document.documentElement.dataset["theme"] = theme;
  state = kept() ?? state;
  translate();
  listen();
  show();
  byId("digest").textContent = digest.slice(0, 12);
  byId("digest").title = `SHA-256 ${digest}`;
  void followAddress();
}

start();
