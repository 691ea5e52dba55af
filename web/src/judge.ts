/** Asks the rules, in their worker. What takes too long is stopped: nothing is decided then, which is never a pass. */

import type { Boxes, CheckReport, Description, EffectiveReport, Fix, Mark, Options, Status, Target, Want } from "kubevet";
import rules from "rules";
import workerScript from "worker";

export type Question =
  | { ask: "describe"; language: string }
  | { ask: "evaluate"; target: Target; options: Options }
  | { ask: "statuses"; target: Target; options: Options }
  | { ask: "secrets"; target: Boxes; options: Options }
  | { ask: "bundle"; target: Target; options: Options }
  | { ask: "fix"; check?: string }
  | { ask: "mend"; problem: number }
  | { ask: "write"; what: "check" | "effective" | "sarif" };

export type Answer = { id: number; answer: unknown } | { id: number; error: string };

/** What the page shows. */
export interface Evaluated {
  check: CheckReport;
  effective: EffectiveReport;
  marks: Mark[];
  wants: Want[];
  exit: number;
  milliseconds: number;
}

/** As long as the command lets a plugin run. */
export const PATIENCE_SECONDS = 10;

/** It took too long. */
export class TooSlow extends Error {}

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
  timer: number;
}

/** The only script that is made from text: the worker's, which is part of this very page. */
const policy = globalThis.trustedTypes?.createPolicy("kubevet", {
  createScriptURL(url) {
    if (url !== workerUrl) throw new TypeError("no other script is loaded");
    return url;
  },
});
const workerUrl = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));

export class Judge {
  #worker: Worker;
  #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor() {
    this.#worker = this.#start();
  }

  describe(language: string): Promise<Description> {
    return this.#ask({ ask: "describe", language });
  }

  evaluate(target: Target, options: Options): Promise<Evaluated> {
    return this.#ask({ ask: "evaluate", target, options });
  }

  /** The findings of another target, without changing what is shown. */
  statuses(target: Target, options: Options): Promise<{ check: string; status: Status }[]> {
    return this.#ask({ ask: "statuses", target, options });
  }

  /** Where in these boxes something may be a secret: in all of them together, and in each by itself. */
  secrets(target: Boxes, options: Options): Promise<Mark[]> {
    return this.#ask({ ask: "secrets", target, options });
  }

  /** A target as a bundle. */
  bundle(target: Target, options: Options): Promise<string> {
    return this.#ask({ ask: "bundle", target, options });
  }

  /** Edits for what was evaluated last. */
  fix(check?: string): Promise<Fix> {
    return this.#ask({ ask: "fix", ...(check && { check }) });
  }

  mend(problem: number): Promise<Fix> {
    return this.#ask({ ask: "mend", problem });
  }

  /** A report on what was evaluated last. */
  write(what: "check" | "effective" | "sarif"): Promise<string> {
    return this.#ask({ ask: "write", what });
  }

  #start(): Worker {
    const url = policy ? (policy.createScriptURL(workerUrl) as unknown as string) : workerUrl;
    const worker = new Worker(url, { name: "kubevet" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      if (!waiting) return;
      this.#waiting.delete(data.id);
      clearTimeout(waiting.timer);
      if ("error" in data) waiting.reject(new Error(data.error));
      else waiting.resolve(data.answer as never);
    });
    worker.addEventListener("error", (event) => this.#restart(new Error(event.message || "the worker does not start")));
    worker.postMessage({ rules });
    return worker;
  }

  #ask<T>(question: Question): Promise<T> {
    const id = ++this.#last;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => this.#restart(new TooSlow()), PATIENCE_SECONDS * 1000) as unknown as number;
      this.#waiting.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ id, question });
    });
  }

  /** Everybody who waits is told, and another worker takes the place of this one. */
  #restart(error: Error): void {
    this.#worker.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(error);
    }
    this.#worker = this.#start();
  }
}
