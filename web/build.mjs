/** Builds the page: one HTML file with everything in it, `dist/index.html`. */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import { load } from "kubevet/node";

const here = (path) => new URL(path, import.meta.url);
const browsers = ["chrome111", "firefox113", "safari16.4"];

const wasm = await readFile(here("node_modules/kubevet/dist/kubevet_bg.wasm"));
/** The same, packed by `cargo xtask web`. */
const packed = await readFile(here("rules.lzma"));
const kubevet = await load();
const { version, versions, platforms, benchmarks } = kubevet.describe();

/** The page's own way to unpack. */
async function unpacked(bytes) {
  const { unpack } = await imported("src/lzma.ts");
  const { assembled } = await imported("src/sorted.ts");
  return assembled(unpack(bytes));
}

async function imported(module) {
  const { outputFiles } = await build({ entryPoints: [module], absWorkingDir: here(".").pathname, format: "esm", write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** Modules that are made here. */
function made(modules) {
  return {
    name: "made",
    setup({ onResolve, onLoad }) {
      const filter = new RegExp(`^(${Object.keys(modules).join("|")})$`);
      onResolve({ filter }, ({ path }) => ({ path, namespace: "made" }));
      onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: modules[path], loader: "js" }));
    },
  };
}

async function script(entry, modules) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: here(".").pathname,
    bundle: true,
    minify: true,
    format: "iife",
    target: browsers,
    charset: "utf8",
    legalComments: "none",
    write: false,
    plugins: [made(modules)],
  });
  return outputFiles[0].text;
}

async function style() {
  const { outputFiles } = await build({
    entryPoints: ["src/style.css"],
    absWorkingDir: here(".").pathname,
    minify: true,
    target: browsers,
    write: false,
  });
  return outputFiles[0].text.trim();
}

/** What a node is called that is not the usual one of its platform. */
const NAMES = { "aks-custom": "AKS, custom" };

/** Nodes of the tests, as what would stand in the boxes; and one with mistakes. */
async function examples() {
  const folder = here("../tests/nodes/");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const nodes = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(new URL(name, folder), "utf8"))),
  );
  const found = nodes.map((node) => ({ name: NAMES[node.id] ?? platforms[node.id] ?? node.id, state: boxes(node) }));
  return [{ name: "mistakes", state: mistakes }, ...found];
}

/** A recorded node: its flags, and the files that the kubelet reads. */
function boxes(node) {
  const wants = kubevet.evaluate({ bundle: node }, {}).check();
  const args = ownArguments(node);
  const flags = args.map(quoted).join(" \\\n  ");
  const config = argument(args, "config");
  const folder = argument(args, "config-dir");
  const file = config && node.files[config] !== undefined ? { name: config, text: node.files[config] } : undefined;
  const inFolder = ([path]) => folder && path.startsWith(`${folder.replace(/\/$/, "")}/`);
  const dropIns = Object.entries(node.files).filter(inFolder);
  const platform = wants.context.find(({ id }) => id === "platform").platform;
  return {
    flags,
    ...(file && { file }),
    ...(dropIns.length > 0 && { dropIns: dropIns.map(([path, text]) => ({ name: path.split("/").pop(), text })) }),
    version: node.version.split(".").slice(0, 2).join("."),
    ...(platform in platforms && { platform }),
  };
}

/** A kubelet inside of another process: where that has its arguments from. */
function ownArguments({ args, facts, dirs, files }) {
  if (facts.embeds === "k3s-server") return [`--config-dir=${dirs[0]}`];
  const file = files[argument(args, "kubelet-args-file")];
  const lines = file?.split("\n").filter((line) => line.startsWith("-"));
  // A shell stands between, which takes quotes away.
  return lines?.map((line) => line.replaceAll('"', "")) ?? args;
}

function argument(args, name) {
  const at = args.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at === -1) return undefined;
  return args[at].includes("=") ? args[at].slice(name.length + 3) : args[at + 1];
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const mistakes = {
  flags: "--config=/etc/kubelet/config.yaml --config-dir=/etc/kubelet/kubelet.conf.d --read-only-port=10255",
  file: {
    name: "/etc/kubelet/config.yaml",
    text: `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: true        # everybody may ask
  webhook:
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
readOnlyPort: 0          # a flag says otherwise
eventRecordQps: 5        # the kubelet knows no such key
makeIPTablesUtilChains: true
protectKernelDefaults: false
rotateCertificates: true
tlsCipherSuites:
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_RSA_WITH_AES_128_CBC_SHA
`,
  },
  dropIns: [
    {
      name: "10-hardening.conf",
      text: `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: false
streamingConnectionIdleTimeout: 5m
`,
    },
    {
      name: "90-local.conf",
      text: `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: true
podPidsLimit: 4096
`,
    },
  ],
  version: versions.at(-2),
};

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

async function page() {
  const json = (value) => JSON.stringify(value);
  const rules = packed.toString("base64");
  const digest = createHash("sha256").update(wasm).digest("hex");
  const worker = await script("src/worker.ts", { none: "" });
  const main = await script("src/main.ts", {
    rules: `export default ${json(rules)}; export const digest = ${json(digest)}, version = ${json(version)};`,
    worker: `export default ${json(worker)};`,
    known: `export const versions = ${json(versions)}, platforms = ${json(platforms)}, benchmarks = ${json(benchmarks)};`,
    examples: `export default ${json(await examples())};`,
  });
  // Inside of an element, a script must not say that the element ends, nor that a comment begins.
  const safe = main.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const css = await style();
  const csp = [
    "default-src 'none'",
    `script-src ${hash(safe)} 'wasm-unsafe-eval'`,
    `style-src ${hash(css)}`,
    "worker-src blob:",
    "connect-src 'none'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types kubevet",
  ].join("; ");
  const parts = { csp, style: css, script: safe };
  const template = await readFile(here("src/index.html"), "utf8");
  return template.replace(/\{(csp|style|script)\}/g, (_, name) => parts[name]);
}

/** What the page may take, compressed as servers do: it may get smaller, and not larger without anybody noticing. */
const MAX_GZIP = 350_000;

if (!wasm.equals(await unpacked(packed))) throw new Error("rules.lzma does not become the same rules: `cargo xtask web` packs them");
const html = await page();
const size = gzipSync(html, { level: 9 }).length;
if (size > MAX_GZIP) throw new Error(`the page has grown to ${size} bytes, compressed`);
await mkdir(here("dist"), { recursive: true });
await writeFile(here("dist/index.html"), html);
console.log(`web/dist/index.html: ${html.length} bytes, ${size} compressed`);
