/** What the build puts into the page. */

/** The rules: their module, packed (`lzma.ts`), in base64. */
declare module "rules" {
  const packed: string;
  export default packed;
  /** The SHA-256 of the module, in hexadecimal. */
  export const digest: string;
  export const version: string;
}

/** The script of the worker. */
declare module "worker" {
  const script: string;
  export default script;
}

/** What there is to choose from, so that it stands there before the rules are loaded. */
declare module "known" {
  export const versions: string[];
  export const platforms: Record<string, string>;
  export const benchmarks: Record<string, string>;
}

/** Nodes as their platforms ship them. */
declare module "examples" {
  const examples: { name: string; state: Partial<import("./state.js").State> }[];
  export default examples;
}

interface TrustedTypePolicy {
  createScriptURL(url: string): unknown;
}

declare var trustedTypes:
  | { createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy }
  | undefined;
