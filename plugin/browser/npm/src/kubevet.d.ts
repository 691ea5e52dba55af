/** What wasm-bindgen generates, as far as it is used here. */

export class Judgement {
  private constructor();
  free(): void;
  check(): string;
  effective(): string;
  sarif(): string;
  wants(): string;
  exit(): number;
  bundle(): string;
  marks(): string;
  fix(check?: string): string;
  mend(problem: number): string;
}

export function describe(language: string): string;
export function plan(target: string, options: string): string;
export function evaluate(target: string, options: string): Judgement;
export function initSync(module: { module: WebAssembly.Module }): unknown;
export function __wbg_reset_state(): void;
