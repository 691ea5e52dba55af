/** Figures of the built page, as `README.md` tells them: bytes, time to the first verdict, time of a key. */

import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { load } from "kubevet/node";

import { judged, withBrowser } from "./test/browser.js";

const page = readFileSync(new URL("dist/index.html", import.meta.url));
const wasm = readFileSync(new URL("node_modules/kubevet/dist/kubevet_bg.wasm", import.meta.url));

/** A configuration of 120 lines: what kubeadm writes, with more of what people set. */
function configuration() {
  const node = JSON.parse(readFileSync(new URL("../tests/nodes/kubeadm.json", import.meta.url), "utf8"));
  const more = `systemReserved:
  cpu: 100m
  memory: 1Gi
kubeReserved:
  cpu: 100m
  memory: 1Gi
evictionHard:
  memory.available: 100Mi
  nodefs.available: 10%
readOnlyPort: 0
makeIPTablesUtilChains: true
protectKernelDefaults: true
podPidsLimit: 4096
seccompDefault: true
serverTLSBootstrap: true
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
featureGates:
  RotateKubeletServerCertificate: true
allowedUnsafeSysctls:
`;
  const lines = `${node.files["/var/lib/kubelet/config.yaml"]}${more}`.trimEnd().split("\n");
  const sysctls = Array.from({ length: 120 - lines.length }, (_, at) => `- net.core.setting_${at}`);
  return `${[...lines, ...sysctls].join("\n")}\n`;
}

function sizes(name, bytes) {
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  console.log(`${name.padEnd(22)} ${[bytes.length, gzipSync(bytes, { level: 9 }).length, brotli.length].map((size) => String(size).padStart(9)).join("")}`);
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const worst = (numbers) => Math.max(...numbers);
const shown = (numbers) => `median ${median(numbers).toFixed(1)} ms, worst ${worst(numbers).toFixed(1)} ms of ${numbers.length}`;

console.log("                             raw     gzip   brotli");
sizes("dist/index.html", page);
sizes("kubevet_bg.wasm", wasm);

const text = configuration();
console.log(`\na configuration of ${text.trimEnd().split("\n").length} lines, ${text.length} bytes`);

const kubevet = await load();
for (const [name, values] of [["one version", { version: "1.34" }], ["every version", {}]]) {
  const times = [];
  for (let count = 0; count < 60; count++) {
    const started = performance.now();
    const judgement = kubevet.evaluate({ file: { text: `${text}# ${count}\n` } }, { listSettings: true, values });
    judgement.check(), judgement.effective(), judgement.marks();
    judgement.free();
    if (count >= 10) times.push(performance.now() - started);
  }
  console.log(`Node, ${name}: ${shown(times)}`);
}

await withBrowser(async (browser) => {
  const first = [];
  const paint = [];
  for (let count = 0; count < 10; count++) {
    const context = await browser.newContext();
    // What a tab keeps is judged when it is loaded again.
    await context.addInitScript((state) => sessionStorage.setItem("kubevet-state", state), JSON.stringify({ file: { name: "", text } }));
    const tab = await context.newPage();
    await tab.goto(new URL("dist/index.html", import.meta.url).href);
    await tab.waitForSelector(".card");
    const times = await tab.evaluate(() => new Promise((resolve) => {
      const [paint] = performance.getEntriesByName("first-contentful-paint");
      resolve([performance.now(), paint?.startTime ?? 0]);
    }));
    first.push(times[0]);
    paint.push(times[1]);
    await context.close();
  }
  console.log(`Chromium ${browser.version()}: first paint ${shown(paint)}`);
  console.log(`first verdict, from the start of loading: ${shown(first)}`);
  for (const version of ["1.34", ""]) {
    const tab = await browser.newPage();
    await tab.goto(new URL("dist/index.html", import.meta.url).href);
    await tab.locator("#version").selectOption(version);
    await judged(tab, () => tab.locator("#file-text").fill(text));
    // From a key's event to the frame in which its verdict is shown.
    const times = await tab.evaluate(async () => {
      const area = document.querySelector("#file-text");
      const results = document.querySelector("#results");
      const times = [];
      for (let count = 0; count < 60; count++) {
        const done = new Promise((resolve) => new MutationObserver((_, observer) => {
          if (results.ariaBusy) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(resolve));
        }).observe(results, { attributes: true, attributeFilter: ["data-judged"] }));
        const started = performance.now();
        area.setRangeText("#", area.value.length, area.value.length, "end");
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await done;
        if (count >= 10) times.push(performance.now() - started);
      }
      return times;
    });
    console.log(`a key, with ${version || "every version"}, to the frame that shows its verdict: ${shown(times)}`);
    await tab.close();
  }
});
