/**
 * The published shapes of kubevet's reports, schema 1: what `kubevet check --format json`, `kubevet effective --format json`
 * and this package write, byte for byte. Lines and columns count from 1, arguments from 0 without the program's name.
 */

/** What the rules can be asked with; the keys of `values` are those that `describe` lists. */
export interface Options {
  /** `en` or `ja`; without it, English. */
  language?: string;
  /** Names or sections of checks; without them, all. */
  checks?: string[];
  /** Whether `effective` is wanted. */
  listSettings?: boolean;
  values?: Record<string, string | string[]>;
}

/** What is judged: the texts that somebody handed over, or a recorded bundle. */
export type Target = Boxes | { bundle: Bundle };

/** Texts; everything may be absent. */
export interface Boxes {
  /** What the target is called in reports. */
  id?: string;
  /** The kubelet's flags: a command line, an assignment of systemd, or one a line. */
  flags?: string;
  /** Stands for the file of `--config`; `name` is its path where the flags do not say it. */
  file?: { name?: string; text: string };
  /** Stands for the directory of `--config-dir`. The kubelet reads the files in the order of their names. */
  dropIns?: { name?: string; files: { name: string; text: string }[] };
  /** The body of an answer of `/configz`. */
  live?: string;
  /** The names of the environment variables that are set, where that is known. */
  environment?: string[];
}

/** A recorded target, as `kubevet … --save-bundle` writes it. */
export interface Bundle {
  id: string;
  [key: string]: unknown;
}

export interface Description {
  schema: 1;
  id: string;
  version: string;
  languages: string[];
  checks: Check[];
  /** The keys of `Options.values`, with their meaning. */
  options: Record<string, string>;
  /** Of the kubelet, oldest first. */
  versions: string[];
  /** With their names for people. */
  platforms: Record<string, string>;
  benchmarks: Record<string, string>;
}

export interface Check {
  check: string;
  kind: "setting" | "file" | "target";
  title: string;
  severity: Severity;
  sections: (Section & { mode: "automated" | "manual" })[];
  /** Paragraphs, parted by an empty line. */
  explanation: string;
  /** By platform; `any` stands for all. */
  remedies: Record<string, string>;
}

export type Severity = "low" | "medium" | "high" | "critical";
export type Status = "pass" | "fail" | "manual" | "not-applicable" | "undetermined";
export type Origin = "flag" | "drop-in" | "config-file" | "live" | "default";
export type Stage = "input" | "flags" | "load" | "dropin" | "precedence" | "validate" | "exit" | "run";
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where something stands; the target as a whole is an empty object. */
export interface Place {
  document?: "arguments" | "live-configuration";
  variable?: string;
  path?: string;
  /** Base64, where the path is not UTF-8. */
  path64?: string;
  argument?: number;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  text?: string;
}

export interface Section {
  benchmark: string;
  section: string;
  level: number;
}

/** What was found out before anything was judged: its `id` says what the other keys are. */
export interface Context {
  id: string;
  message: string;
  [parameter: string]: string;
}

export interface Refusal extends Place {
  stage: Stage;
  id: string;
  message: string;
  versions?: string[];
}

export interface Evidence extends Place {
  label?: string;
}

/** A splice: the bytes from `start` to `end` of the file are replaced. */
export interface Edit extends Place {
  start: number;
  end: number;
  replacement: string;
}

export interface Remedy {
  message: string;
  edits?: Edit[];
  /** Why the edits alone would not help. */
  blocked?: string;
}

export interface Finding {
  check: string;
  status: Status;
  severity: Severity;
  message: string;
  primary: Evidence;
  related: Evidence[];
  notes?: string[];
  remedies: Remedy[];
  sections: Section[];
}

export interface Problem extends Place {
  severity: Severity;
  message: string;
  edits?: Edit[];
}

export interface Want {
  want: "processes" | "file" | "directory" | "metadata" | "environment-has" | "live-configuration";
  name?: string;
  path?: string;
  path64?: string;
}

export interface CheckReport {
  schema: 1;
  id: string;
  target: { process?: string; facts?: Record<string, string>; files: string[] };
  versions: string[];
  context: Context[];
  refusals: Refusal[];
  findings: Finding[];
  problems: Problem[];
  unmet: Want[];
  summary: Record<Status | "problems", number>;
}

export interface Source extends Place {
  origin: Origin;
  /** Of a default: which set of defaults. */
  detail?: string;
  value?: Json;
  withheld?: boolean;
}

export interface Decided {
  /** The versions that this is true of, where it is not true of all. */
  versions?: string[];
  value?: Json;
  /** In place of `value`: it may be a secret. */
  withheld?: boolean;
  /** The kubelet's own JSON leaves this value out, because it is the zero value. */
  omitted?: boolean;
  source: Source;
  /** Maps are decided key by key. */
  keys?: Record<string, Source>;
  /** Strongest first. */
  overridden?: Source[];
}

export interface Undecided {
  versions?: string[];
  unknown: { id: string; message: string };
}

export type Branch = Decided | Undecided;
export type Setting = Branch | { byVersion: Branch[] };

export interface EffectiveReport {
  schema: 1;
  id: string;
  versions: string[];
  outcome: "starts" | "refuses";
  refusal?: Refusal;
  laterRefusal?: Refusal;
  settings: Record<string, Setting>;
  /** Flags that have no place in a file: the plain value, or, where that says too little, a setting. */
  flags: Record<string, Json | Setting>;
}

/** The box of `Boxes` that something stands in. */
export type Box = { box: "flags" | "file" | "live" } | { box: "drop-in"; index: number };

/** A place in a box, as JavaScript counts: `text.slice(start, end)`. */
export type Mark = Box & { start: number; end: number } & (
    | { kind: "decides" | "overridden"; setting: string }
    /** `at` is the number of the finding, problem or refusal in the report. */
    | { kind: "finding" | "problem" | "refusal"; at: number }
    /** `evidence` is the number in the finding's `related`. */
    | { kind: "related"; at: number; evidence: number }
    /** It may be a secret, and is not to be passed on. */
    | { kind: "withheld" }
  );

/** What edits come to. */
export interface Fix {
  /** The files that differ, as they are afterwards; and the flags, which have no path. */
  files: { path?: string; text: string; box?: Box["box"]; index?: number }[];
  /** The checks that pass now. */
  fixed: string[];
  /** Those that do not, and why. */
  left: { check: string; reason: string }[];
}
