/** The package as its users meet it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { load } from "../dist/node.js";

const HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const options = { listSettings: true, values: { version: "1.34" } };
const kubevet = await load();

function finding(judgement, check) {
  return judgement.check().findings.find((finding) => finding.check === check);
}

test("describes itself in two languages", () => {
  const [english, japanese] = ["en", "ja"].map((language) => kubevet.describe(language));
  assert.ok(english.checks.length >= 36);
  assert.deepEqual(english.versions, japanese.versions);
  assert.notEqual(english.checks[1].title, japanese.checks[1].title);
  assert.ok("aks" in english.platforms && "aks-1.8" in english.benchmarks && "version" in english.options);
});

test("says what decides, and where that stands", () => {
  const file = { name: "k.yaml", text: `${HEAD}# ü𝄞\nreadOnlyPort: 0\n` };
  const flags = "KUBELET_EXTRA_ARGS='--provider-id=ü𝄞 --read-only-port=10255'";
  const judgement = kubevet.evaluate({ flags, file }, options);
  assert.equal(finding(judgement, "read-only-port").status, "fail");
  const text = { flags, file: file.text };
  const marks = judgement.marks().filter((mark) => mark.setting === "readOnlyPort");
  assert.deepEqual(
    marks.map((mark) => [mark.kind, text[mark.box].slice(mark.start, mark.end)]),
    [["decides", "--read-only-port=10255"], ["overridden", "0"]],
  );
  assert.equal(judgement.exit(), 1);
  assert.equal(judgement.effective().settings.readOnlyPort.value, 10255);
});

test("a flag is left out where that makes a check pass", () => {
  const file = { text: `${HEAD}readOnlyPort: 0\n` };
  const flags = "kubelet --v=2 \\\n  --read-only-port 10255 \\\n  --max-pods=9";
  const fix = kubevet.evaluate({ flags, file }, options).fix("read-only-port");
  assert.deepEqual(fix.files, [{ box: "flags", text: "kubelet --v=2 \\\n  --max-pods=9" }]);
  assert.deepEqual(fix.fixed, ["read-only-port"]);
});

test("files are edited, and nothing else in them changes", () => {
  const file = { text: `${HEAD}readOnlyPort: 10255 # why\n` };
  const fix = kubevet.evaluate({ file }, options).fix("read-only-port");
  assert.deepEqual(fix.files, [{ path: "kubelet-config", box: "file", text: `${HEAD}readOnlyPort: 0 # why\n` }]);
});

test("drop-ins count by their names, whatever their order", () => {
  const files = [
    { name: "20.conf", text: `${HEAD}readOnlyPort: 1\n` },
    { name: "10.conf", text: `${HEAD}readOnlyPort: 2\n` },
  ];
  const judgement = kubevet.evaluate({ file: { text: HEAD }, dropIns: { files } }, options);
  assert.equal(judgement.effective().settings.readOnlyPort.value, 1);
  assert.deepEqual(judgement.marks().filter(({ kind }) => kind === "decides").map(({ box, index }) => [box, index]), [["drop-in", 0]]);
});

test("a misspelt key is corrected", () => {
  const judgement = kubevet.evaluate({ file: { text: `${HEAD}readOnlyport: 0\n` } }, options);
  assert.equal(judgement.check().problems.length, 1);
  assert.equal(judgement.mend(0).files[0].text, `${HEAD}readOnlyPort: 0\n`);
});

test("asks for what it does not have", () => {
  const wants = kubevet.plan({ flags: "--config=/etc/k.yaml --config-dir=/etc/d" }, options);
  assert.deepEqual(wants.slice(0, 2), [{ want: "file", path: "/etc/k.yaml" }, { want: "directory", path: "/etc/d" }]);
});

test("what runs is judged, alone and beside the file", () => {
  const recorded = readFileSync(new URL("../../../../tests/live/1.34.4.jsonl", import.meta.url), "utf8").split("\n");
  const body = JSON.parse(recorded[0]).live.kubeletconfig;
  const live = JSON.stringify({ kubeletconfig: { ...body, readOnlyPort: 10255 } });
  assert.equal(finding(kubevet.evaluate({ live }, options), "read-only-port").status, "fail");
  const both = kubevet.evaluate({ live, flags: "--v=2", file: { text: `${HEAD}readOnlyPort: 0\n` } }, options);
  assert.ok(both.check().problems.some(({ message }) => message.includes("readOnlyPort")), JSON.stringify(both.check().problems));
});

test("what is not understood is said, and never judged", () => {
  for (const [target, options, said] of [
    [{ flags: "--v='2" }, {}, /never closed/],
    [{ dropIns: { files: [{ name: "a", text: "" }, { name: "a", text: "" }] } }, {}, /two drop-ins/],
    [{ nonsense: 1 }, {}, /no target/],
    [{}, { values: { benchmark: "none" } }, /no benchmark/],
    [{}, { nonsense: 1 }, /no options/],
    [{ bundle: { id: "" } }, {}, /no `id`/],
  ]) {
    assert.throws(() => kubevet.evaluate(target, options), said, JSON.stringify(target));
  }
});

test("too much is refused and undetermined, and what nests without end is no end", () => {
  const large = kubevet.evaluate({ file: { text: HEAD + "#".repeat(1 << 20) } }, options);
  assert.equal(large.exit(), 3);
  const deep = kubevet.evaluate({ file: { text: "[".repeat(500_000) } }, options);
  assert.equal(finding(deep, "kubelet-starts").status, "fail");
  assert.equal(kubevet.evaluate({ file: { text: HEAD } }, options).check().findings[0].status, "pass");
});

test("SARIF has a result for what fails, and a rule for it", () => {
  const judgement = kubevet.evaluate({ file: { name: "k.yaml", text: `${HEAD}readOnlyPort: 1\n` } }, options);
  const { version, runs: [run] } = JSON.parse(judgement.sarif());
  assert.equal(version, "2.1.0");
  const result = run.results.find(({ ruleId }) => ruleId === "read-only-port");
  assert.equal(result.level, "error");
  assert.equal(result.locations[0].physicalLocation.region.startLine, 3);
  assert.ok(run.tool.driver.rules.some(({ id }) => id === "read-only-port"));
});

test("a bundle replays to the same report", () => {
  const judgement = kubevet.evaluate({ id: "x", flags: "--read-only-port=1", file: { text: HEAD } }, options);
  const bundle = JSON.parse(judgement.bundleLine());
  assert.equal(kubevet.evaluate({ bundle }, options).checkLine(), judgement.checkLine());
});

/** Objects with keys that no type has are errors of the compiler. */
test("the types are those of the reports", { timeout: 120_000 }, () => {
  const npm = fileURLToPath(new URL("..", import.meta.url));
  const nodes = join(npm, "../../../tests/nodes");
  const bundles = readdirSync(nodes).map((name) => JSON.parse(readFileSync(join(nodes, name), "utf8")));
  const texts = `${HEAD}readOnlyport: 0\nstaticPodURLHeader: {a: [b]}\nevictionHard: {memory.available: 1Gi}\n`;
  const flags = "--read-only-port=1 --config-dir=/d";
  const targets = [...bundles.map((bundle) => ({ bundle })), { flags, file: { text: texts } }, { live: '{"kubeletconfig":{}}' }, { flags: "--none" }];
  const judged = targets.flatMap((target) => [kubevet.evaluate(target, options), kubevet.evaluate(target, { listSettings: true })]);
  const lists = {
    CheckReport: judged.map((one) => one.check()),
    EffectiveReport: judged.map((one) => one.effective()),
    "Mark[]": judged.map((one) => one.marks()),
    "Want[]": judged.map((one) => one.wants()),
    Fix: judged.map((one) => one.fix()),
    Description: [kubevet.describe()],
  };
  const folder = mkdtempSync(join(tmpdir(), "kubevet-"));
  const lines = Object.entries(lists).map(([type, list], at) => `export const list${at}: (${type})[] = ${JSON.stringify(list)};\n`);
  const source = `import type { CheckReport, Description, EffectiveReport, Fix, Mark, Want } from "./schema.js";\n${lines.join("")}`;
  symlinkSync(join(npm, "dist/schema.d.ts"), join(folder, "schema.d.ts"));
  writeFileSync(join(folder, "reports.ts"), source);
  execFileSync(join(npm, "node_modules/.bin/tsc"), ["--noEmit", "--strict", "--module", "nodenext", "--exactOptionalPropertyTypes", join(folder, "reports.ts")], { stdio: "pipe", cwd: folder });
});
