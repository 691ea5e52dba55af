/** The rules of kubevet: what a kubelet really runs with, judged against the CIS benchmarks. */

import * as glue from "./kubevet.js";
import type {
  Boxes,
  CheckReport,
  Description,
  EffectiveReport,
  Fix,
  Mark,
  Options,
  Target,
  Want,
} from "./schema.js";

export type * from "./schema.js";

/** The rules broke off: a defect, or more than this machine has room for. Nothing is decided by that. */
export class Broken extends Error {
  override name = "Broken";
}

/** The rules, ready to be asked. There is one instance of them in a realm. */
export class Kubevet {
  #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
    glue.initSync({ module });
  }

  /** Loads the rules from the bytes of `kubevet/kubevet.wasm`, or from what was compiled from them. */
  static async load(source: BufferSource | WebAssembly.Module): Promise<Kubevet> {
    return new Kubevet(source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source));
  }

  /** What the rules are and can do. */
  describe(language = "en"): Description {
    return JSON.parse(this.#ask(() => glue.describe(language))) as Description;
  }

  /** What is wanted of a target that it has no answer to. */
  plan(target: Target, options: Options = {}): Want[] {
    return JSON.parse(this.#ask(() => glue.plan(...words(target, options)))) as Want[];
  }

  /**
   * The judgement on a target.
   * @throws where a target or an option is not understood; `Broken` where the rules broke off
   */
  evaluate(target: Target, options: Options = {}): Judgement {
    const ask = <T>(question: () => T): T => this.#ask(question);
    return new Judgement(ask(() => glue.evaluate(...words(target, options))), ask);
  }

  /** What traps is not asked again: another instance takes its place, and what it judged before is gone. */
  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      glue.__wbg_reset_state();
      throw new Broken(`the rules broke off: ${error.message}`, { cause: error });
    }
  }
}

/** A target that was judged. */
export class Judgement {
  #judged: glue.Judgement;
  #ask: <T>(question: () => T) => T;

  /** @internal */
  constructor(judged: glue.Judgement, ask: <T>(question: () => T) => T) {
    this.#judged = judged;
    this.#ask = ask;
  }

  /** The findings and problems. */
  check(): CheckReport {
    return JSON.parse(this.checkLine()) as CheckReport;
  }

  /** The same as a line, as `kubevet check --format json` writes it. */
  checkLine(): string {
    return this.#ask(() => this.#judged.check());
  }

  /** The settings; none, unless `listSettings` asked for them. */
  effective(): EffectiveReport {
    return JSON.parse(this.effectiveLine()) as EffectiveReport;
  }

  /** The same as a line, as `kubevet effective --format json` writes it. */
  effectiveLine(): string {
    return this.#ask(() => this.#judged.effective());
  }

  /** The findings and problems for code scanning: SARIF 2.1.0. */
  sarif(): string {
    return this.#ask(() => this.#judged.sarif());
  }

  /** What was wanted and has no answer. */
  wants(): Want[] {
    return JSON.parse(this.#ask(() => this.#judged.wants())) as Want[];
  }

  /** The exit status that the command would have: 0 nothing failed, 1 a check failed, 3 something is undetermined. */
  exit(): number {
    return this.#ask(() => this.#judged.exit());
  }

  /** The target as a line for `kubevet check --bundle`; what may be secret is masked. */
  bundleLine(): string {
    return this.#ask(() => this.#judged.bundle());
  }

  /** Where in the boxes something is decided, overridden or wrong. Those of settings need `listSettings`. */
  marks(): Mark[] {
    return JSON.parse(this.#ask(() => this.#judged.marks())) as Mark[];
  }

  /** Makes the edits that make failing checks pass: all, or those of one check. Each is proven by judging again. */
  fix(check?: string): Fix {
    return JSON.parse(this.#ask(() => this.#judged.fix(check))) as Fix;
  }

  /** Makes the edits of a problem, by its number in the report. */
  mend(problem: number): Fix {
    return JSON.parse(this.#ask(() => this.#judged.mend(problem))) as Fix;
  }

  /** Gives the memory back that it takes. Otherwise that is done some time after nobody holds it any more. */
  free(): void {
    this.#judged.free();
  }
}

/** Both cross the border as JSON. */
function words(target: Target, options: Options): [string, string] {
  return [JSON.stringify(target satisfies Boxes | Target), JSON.stringify(options)];
}
