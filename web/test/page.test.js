/** The page in a real browser, as people use it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import test, { after, before, describe } from "node:test";

import { load } from "kubevet/node";

import { cards, drop, fill, judged, paste, root, served, withBrowser, withPage } from "./browser.js";

const HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}`;

let browser;
let stop;
before(async () => {
  await new Promise((resolve, reject) => {
    withBrowser((started) => {
      browser = started;
      resolve();
      return new Promise((end) => (stop = end));
    }).catch(reject);
  });
});
after(() => stop());

const inPage = (name, options, use) => test(name, () => withPage(browser, options, use));

describe("judging", () => {
  inPage("every key is judged, the deciding place is marked, and what it overrode is struck through", {}, async (page) => {
    await fill(page, "file-text", `${HEAD}readOnlyPort: 0\n`);
    assert.ok(!(await cards(page, "fail")).includes("read-only-port"));
    await page.locator("#flags-text").focus();
    await judged(page, () => page.keyboard.type("--read-only-port=10255"));
    await page.locator(".backdrop .m-fail", { hasText: "10255" }).waitFor();
    assert.ok((await cards(page, "fail")).includes("read-only-port"));
    assert.equal((await page.locator("#flags-box .m-fail").allTextContents()).join(""), "--read-only-port=10255");
    const struck = page.locator("#file-box .m-overridden");
    assert.equal(await struck.textContent(), "0");
    assert.match(await struck.evaluate((span) => getComputedStyle(span).textDecorationLine), /line-through/);
    await page.locator("#flags-text").focus();
    for (let count = 0; count < "10255".length; count++) await page.keyboard.press("Backspace");
    await judged(page, () => page.keyboard.type("0"));
    assert.ok(!(await cards(page, "fail")).includes("read-only-port"));
  });

  inPage("the ladder shows each source and which one won", {}, async (page) => {
    await judged(page, () => page.locator("#intro-examples button").first().click());
    await page.locator("#tab-settings").click();
    const setting = page.locator(".setting", { hasText: "authentication.anonymous.enabled" });
    await setting.locator("summary").click();
    const rungs = await setting.locator("ol > li").evaluateAll((rungs) => rungs.map((rung) => [rung.querySelector(".origin").textContent, rung.querySelector(".text")?.textContent ?? "", rung.className.includes("wins")]));
    assert.deepEqual(rungs, [
      ["default", "", false],
      ["configuration file", "true", false],
      ["drop-in", "false", false],
      ["drop-in", "true", true],
    ]);
    await page.locator("#search").fill("maxpods");
    assert.deepEqual(await page.locator(".setting .name").allTextContents(), ["maxPods"]);
  });

  inPage("a remedy is applied with one click, and taken back with another", {}, async (page) => {
    const text = `${HEAD}readOnlyPort: 10255 # why\n`;
    await fill(page, "file-text", text);
    const card = page.locator("details.card.fail", { has: page.locator(".id", { hasText: /^read-only-port$/ }) });
    await judged(page, () => card.locator("button.primary").click());
    assert.equal(await page.locator("#file-text").inputValue(), `${HEAD}readOnlyPort: 0 # why\n`);
    await judged(page, () => page.locator("#toast button.link").first().click());
    assert.equal(await page.locator("#file-text").inputValue(), text);
    await judged(page, () => page.locator("#fix-all").click());
    // Only a person knows where a certificate authority is.
    assert.deepEqual(await cards(page, "fail"), ["client-ca-file"]);
  });

  inPage("a misspelt key is corrected", {}, async (page) => {
    await fill(page, "file-text", `${HEAD}readOnlyport: 0\n`);
    assert.match(await page.locator(".problem-card").textContent(), /did you mean readOnlyPort/);
    await judged(page, () => page.locator(".problem-card button.primary").click());
    assert.equal(await page.locator("#file-text").inputValue(), `${HEAD}readOnlyPort: 0\n`);
    assert.equal(await page.locator(".problem-card").count(), 0);
  });

  inPage("a kubelet that would not start is said to, and where", {}, async (page) => {
    await page.locator("#version").selectOption("1.34");
    await fill(page, "file-text", `${HEAD}readOnlyPort: no such\n`);
    assert.match(await page.locator("#verdict").textContent(), /would not start/);
    assert.equal((await page.locator("#file-box .m-refusal").allTextContents()).join(""), "no such");
    await page.locator("#refusals button.place").click();
    const selected = await page.locator("#file-text").evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, "no such");
  });

  inPage("the verdict is that of the exit status", {}, async (page) => {
    const verdict = () => page.locator("#verdict").evaluate(({ className, textContent }) => `${className}: ${textContent}`);
    const good = `${HEAD}authentication: {x509: {clientCAFile: /etc/ca.crt}}\nserverTLSBootstrap: true\nrotateCertificates: true\ntlsMinVersion: VersionTLS13\npodPidsLimit: 4096\nseccompDefault: true\neventRecordQPS: 5\nstreamingConnectionIdleTimeout: 1h\nmakeIPTablesUtilChains: true\nreadOnlyPort: 0\n`;
    await fill(page, "file-text", `${good}readOnlyPrt: 1\n`);
    assert.equal(await verdict(), "verdict pass: Nothing fails");
    await judged(page, () => page.locator("#strict").check());
    assert.equal(await verdict(), "verdict fail: A problem fails, since it is strict");
    await fill(page, "file-text", good);
    assert.equal(await verdict(), "verdict pass: Nothing fails");
    await judged(page, () => page.locator("#benchmark").selectOption("gke-1.9.0"));
    assert.equal(await verdict(), "verdict undetermined: Nothing of the benchmark is judged here");
    assert.match(await page.title(), /^Nothing of the benchmark/);
    await page.waitForFunction(() => /^Nothing of/.test(document.querySelector("#spoken").textContent));
    await judged(page, () => page.locator("#clear").click());
    assert.equal(await page.title(), "kubevet");
    await page.waitForFunction(() => document.querySelector("#spoken").textContent === "");
  });

  inPage("another form than the kubelet's own is the command's", {}, async (page) => {
    await fill(page, "file-text", "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n");
    assert.match(await page.locator("#refusals").textContent(), /kubevet check FILE/);
    await fill(page, "file-text", `${HEAD}readOnlyPort: no such\n`);
    assert.doesNotMatch(await page.locator("#refusals").textContent(), /kubevet check FILE/);
  });

  inPage("what the kubelet would read and is not there is asked for", {}, async (page) => {
    await fill(page, "flags-text", "--config=/etc/k.yaml --config-dir=/etc/d");
    const wants = await page.locator("#wants li").allTextContents();
    assert.ok(wants[0].includes("/etc/k.yaml") && wants[1].includes("/etc/d"), wants.join());
    await page.locator("#wants li button").first().click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "file-text");
    await judged(page, () => page.locator("#version").selectOption("1.29"));
    await fill(page, "file-text", HEAD);
    await judged(page, () => page.locator("#add-drop-in").click());
    assert.ok((await cards(page, "undetermined")).length > 10);
    await judged(page, () => page.locator("#wants select").selectOption("yes"));
    assert.deepEqual(await cards(page, "undetermined"), []);
    assert.equal(await page.locator("#wants select").inputValue(), "yes");
  });

  inPage("drop-ins are added, named, and change places", {}, async (page) => {
    await fill(page, "file-text", HEAD);
    await judged(page, () => page.locator("#add-drop-in").click());
    await judged(page, () => page.keyboard.type("podPidsLimit: 1\n"));
    await judged(page, () => page.locator("#add-drop-in").click());
    await judged(page, () => page.keyboard.type("podPidsLimit: 2\n"));
    const names = () => page.locator("#drop-ins input.name").evaluateAll((inputs) => inputs.map((input) => input.value));
    assert.deepEqual(await names(), ["10-kubelet.conf", "20-kubelet.conf"]);
    const decides = () => page.locator("#drop-ins > li").evaluateAll((items) => items.map((item) => item.querySelector("textarea").value.match(/\d\n$/)[0] + !!item.querySelector(".m-overridden")));
    assert.deepEqual(await decides(), ["1\ntrue", "2\nfalse"]);
    await judged(page, () => page.locator("#drop-ins button").nth(1).click());
    assert.deepEqual(await decides(), ["2\ntrue", "1\nfalse"]);
    await page.locator("#drop-ins input.name").first().fill("90-last.conf");
    await judged(page, () => page.keyboard.press("Tab"));
    assert.deepEqual(await names(), ["20-kubelet.conf", "90-last.conf"]);
    await page.locator("#drop-ins input.name").first().fill("20-kubelet.yaml");
    await judged(page, () => page.keyboard.press("Tab"));
    assert.match(await page.locator("#drop-ins .note").textContent(), /\.conf/);
    await judged(page, () => page.locator("#drop-ins button[title^=Remove]").first().click());
    assert.deepEqual(await names(), ["90-last.conf"]);
  });

  inPage("an answer of /configz goes into its box wherever it is pasted, and drift is told", {}, async (page) => {
    const live = JSON.parse(readFileSync(root("tests/live/1.34.4.jsonl"), "utf8").split("\n")[0]).live;
    live.kubeletconfig.readOnlyPort = 10255;
    await page.locator("#version").selectOption("1.34");
    await fill(page, "file-text", `${HEAD}readOnlyPort: 0\n`);
    await judged(page, () => paste(page, "file-text", JSON.stringify(live, null, 1)));
    assert.ok((await page.locator("#live-text").inputValue()).startsWith("{"));
    assert.equal(await page.locator("#file-text").inputValue(), `${HEAD}readOnlyPort: 0\n`);
    const problems = await page.locator(".problem-card").allTextContents();
    assert.ok(problems.some((problem) => problem.includes("readOnlyPort")), problems.join());
    await fill(page, "file-text", "");
    assert.ok((await cards(page, "fail")).includes("read-only-port"));
  });

  inPage("files are dropped into the boxes that they are for", {}, async (page) => {
    const files = [
      { name: "kubelet.yaml", text: `${HEAD}readOnlyPort: 0\r\n` },
      { name: "10.conf", text: `${HEAD}podPidsLimit: 5\n` },
      { name: "kubeadm-flags.env", text: 'KUBELET_KUBEADM_ARGS="--v=2 --node-ip=10.0.0.1"\n' },
    ];
    await judged(page, () => drop(page, files));
    assert.equal(await page.locator("#file-name").inputValue(), "kubelet.yaml");
    assert.equal(await page.locator("#flags-text").inputValue(), files[2].text.trim());
    assert.equal(await page.locator("#drop-ins textarea").inputValue(), files[1].text);
    assert.match(await page.locator("#context").textContent(), /kubelet\.yaml \+ 1 drop-in/);
  });

  inPage("dropped files lose nothing in silence", {}, async (page) => {
    const toast = () => page.locator("#toast").textContent();
    const file = () => page.locator("#file-text").inputValue();
    const undo = () => judged(page, () => page.locator("#toast button.link").first().click());
    await fill(page, "file-text", `${HEAD}# work\n`);
    await judged(page, () => drop(page, [{ name: "a.yaml", text: HEAD }, { name: "b.yaml", text: `${HEAD}readOnlyPort: 0\n` }]));
    assert.match(await toast(), /No box is left for b\.yaml.*Opened: a\.yaml/);
    assert.equal(await file(), HEAD);
    await undo();
    assert.equal(await file(), `${HEAD}# work\n`);
    const variables = [{ name: "a.env", text: 'KUBELET_A="--v=2"\n' }, { name: "b.env", text: "KUBELET_B=--read-only-port=10255\n" }];
    await judged(page, () => drop(page, [...variables, { name: "flags", text: "--v=3" }]));
    assert.equal(await page.locator("#flags-text").inputValue(), 'KUBELET_A="--v=2"\nKUBELET_B=--read-only-port=10255');
    assert.match(await toast(), /No box is left for flags:/);
    const many = Array.from({ length: 102 }, (_, at) => ({ name: `${100 + at}.conf`, text: HEAD }));
    await judged(page, () => drop(page, many));
    assert.equal(await page.locator("#drop-in-count").textContent(), "100");
    assert.match(await toast(), /No box is left for 200\.conf, 201\.conf:/);
    await undo();
    assert.equal(await page.locator("#drop-in-count").textContent(), "");
    await judged(page, () => paste(page, "file-text", '{"kubeletconfig": {}}'));
    await judged(page, () => paste(page, "file-text", '{"kubeletconfig": {"maxPods": 1}}'));
    await undo();
    assert.equal(await page.locator("#live-text").inputValue(), '{"kubeletconfig": {}}');
  });

  inPage("files that are no text for the kubelet are refused", {}, async (page) => {
    await drop(page, [{ name: "latin1.yaml", text: [...Buffer.from(`${HEAD}# caf\xe9\n`, "latin1")] }]);
    await page.waitForFunction(() => /latin1\.yaml is not UTF-8/.test(document.querySelector("#toast").textContent));
    assert.equal(await page.locator("#file-text").inputValue(), "");
    await judged(page, () => drop(page, [{ name: "utf16.yaml", text: [...Buffer.from(`\ufeff${HEAD}`, "utf16le")] }]));
    assert.equal(await page.locator("#file-text").inputValue(), HEAD);
    await judged(page, () => drop(page, [{ name: "cr.yaml", text: `${HEAD}# x\rreadOnlyPort: 10255\n` }]));
    assert.ok((await cards(page, "fail")).includes("read-only-port"));
  });

  inPage("an answer of /proc/PID/cmdline is one argument a NUL", {}, async (page) => {
    const words = ["/usr/bin/kubelet", "--kube-reserved=", "--hostname-override=it's a", "--read-only-port", "10255", ""];
    await judged(page, () => drop(page, [{ name: "cmdline", text: words.join("\0") }]));
    assert.equal(await page.locator("#flags-text").inputValue(), `/usr/bin/kubelet --kube-reserved= '--hostname-override=it'\\''s a' --read-only-port 10255`);
  });
});

describe("examples", () => {
  test("each platform has one, and is judged", async () => {
    await withPage(browser, {}, async (page) => {
      const names = await page.locator("#intro-examples button").allTextContents();
      assert.ok(names.length >= 14, names.join());
      for (const [at, name] of names.entries()) {
        await page.locator(".menu summary").first().click();
        await judged(page, () => page.locator("#example-menu button").nth(at).click());
        const verdict = await page.locator("#verdict").textContent();
        assert.ok(at === 0 || !/would not start|undecided/i.test(verdict), `${name}: ${verdict}`);
        assert.ok((await page.locator("#context dd").count()) >= 3, name);
      }
    });
  });
});

describe("taking along", () => {
  inPage("a link carries everything there and back, and secrets never", { permissions: ["clipboard-read", "clipboard-write"] }, async (page, seen) => {
    const file = `${HEAD}staticPodURLHeader:\n  Authorization: [Bearer s3cret]\nreadOnlyPort: 1\n`;
    await fill(page, "file-text", file);
    await fill(page, "flags-text", "--hostname-override=db-7.example.org --v=2");
    await page.locator("#version").selectOption("1.33");
    await page.locator("#share").click();
    await page.locator("#dialog .warning").waitFor();
    const link = await page.locator("#dialog textarea").inputValue();
    await page.locator("#dialog button.primary").click();
    await page.locator("#toast .message").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    await page.locator("#redact").check();
    await page.waitForFunction((link) => document.querySelector("#dialog textarea").value !== link, link);
    const redacted = await page.locator("#dialog textarea").inputValue();
    await page.waitForFunction(() => /judged the same/.test(document.querySelector("#dialog .note").textContent));
    for (const [address, isRedacted] of [[link, false], [redacted, true]]) {
      await withPage(browser, { hash: new URL(address).hash }, async (other) => {
        await other.locator(".card").first().waitFor();
        const text = await other.locator("#file-text").inputValue();
        assert.ok(!text.includes("s3cret") && text.includes("readOnlyPort: 1"), text);
        const flags = await other.locator("#flags-text").inputValue();
        assert.equal(flags.includes("db-7.example.org"), !isRedacted, flags);
        assert.equal(await other.locator("#version").inputValue(), "1.33");
        assert.ok((await cards(other, "fail")).includes("read-only-port"));
      });
    }
    assert.deepEqual(seen.requests, []);
  });

  inPage("what is redacted tells nobody's name, and still is a configuration", {}, async (page) => {
    await page.locator("#version").selectOption("1.34");
    await fill(page, "flags-text", "--config=/etc/k --hostname-override acme1 --node-labels=team=acme,node-role.kubernetes.io/x= --register-with-taints \\\n '' --node-ip=fd00::7");
    await fill(page, "file-text", `${HEAD}# made by acme
clusterDNS:
- 10.96.0.10
- fd00:10:96::a
clusterDomain: acme.internal # acme
providerID: aws:///acme-1a/i-0abc
registerWithTaints:
- key: acme-payments
  value: "acme"
  effect: NoSchedule
volumePluginDir: /opt/acme/plugins/
authentication:
  x509:
    clientCAFile: "/etc/acme corp/ca.crt"
tracing:
  endpoint: otel.acme.internal:4317
containerRuntimeEndpoint: unix:///run/acme.sock
readOnlyPort: "#1"
`);
    await page.locator("#share").click();
    await page.locator("#redact").check();
    await page.waitForFunction(() => / · /.test(document.querySelector("#dialog .note").textContent));
    const link = await page.locator("#dialog textarea").inputValue();
    const { flags, file } = JSON.parse(inflateRawSync(Buffer.from(link.split("#s=")[1], "base64url")));
    assert.doesNotMatch(flags + file.text, /acme|corp|0abc|10\.96|fd00/);
    assert.match(flags, /node-role\.kubernetes\.io\/x= .*--register-with-taints \\\n '' --node-ip=2001:db8::/s);
    assert.match(file.text, /clusterDNS:\n- 192\.0\.2\.\d+\n- 2001:db8::\w+\n/);
    assert.match(file.text, /readOnlyPort: "#1"\n$/);
  });

  const TOKEN = 'staticPodURL: https://u:S3CRET@h/x\nstaticPodURLHeader:\n  Authorization: ["Bearer S3CRET"]\n';
  const LIVE = '{"kubeletconfig":{"kind":"KubeletConfiguration","staticPodURLHeader":{"Authorization":["Bearer S3CRET"]},"maxPods":7}}';
  for (const [name, { flags = "", file = HEAD, dropIn = "", live = "" }, isRefused] of [
    ["a flag that is misspelt", { flags: "--read-only-prt=0", file: HEAD + TOKEN, dropIn: HEAD + TOKEN, live: LIVE }],
    ["a flag that ends the kubelet", { flags: "--help", file: HEAD + TOKEN, dropIn: HEAD + TOKEN }],
    ["a broken file before a drop-in", { file: `${HEAD}x: [\n`, dropIn: HEAD + TOKEN }],
    ["a wrong type before a drop-in", { file: `${HEAD}readOnlyPort: abc\n`, dropIn: HEAD + TOKEN }],
    ["a broken answer", { live: LIVE.slice(0, 90) }],
    ["flags behind one that is misspelt", { flags: "--read-only-prt=0 --manifest-url-header Authorization:S3CRET --v=2 '--manifest-url-header=A: S3CRET'" }],
    ["a second document", { file: `# first\n---\n${HEAD}---\nkind: Secret\nstringData: {a: S3CRET}\n` }],
    ["keys that the kubelet does not know", { file: `${HEAD}password: S3CRET\napi_key:\n- S3CRET\n- {a: S3CRET}\n# token: S3CRET\nmaxPods: 7\n` }],
    ["a quotation that is never closed", { flags: "'a --manifest-url-header=Authorization:S3CRET" }, true],
  ]) {
    inPage(`nothing that may be a secret is taken along: ${name}`, {}, async (page) => {
      const boxes = { "#flags-text": flags, "#file-text": file, "#drop-ins textarea": dropIn, "#live-text": live };
      if (dropIn) await page.locator("#add-drop-in").click();
      await page.locator("#live summary").click();
      // Before anything of it has been judged.
      await page.evaluate((boxes) => {
        for (const [box, text] of Object.entries(boxes)) {
          const area = document.querySelector(box);
          if (area) Object.assign(area, { value: text }).dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
        document.querySelector("#share").click();
      }, boxes);
      if (isRefused) {
        await page.waitForFunction(() => /not passed on.*never closed/.test(document.querySelector("#toast").textContent));
        assert.equal(await page.locator("#dialog[open]").count(), 0);
        return;
      }
      await page.waitForFunction(() => document.querySelector("#dialog[open] textarea")?.value);
      const link = await page.locator("#dialog textarea").inputValue();
      const shared = JSON.parse(inflateRawSync(Buffer.from(link.split("#s=")[1], "base64url")));
      assert.doesNotMatch(JSON.stringify(shared), /S3CRET/);
      // What else stands there stays.
      for (const text of [flags, file, live]) assert.equal(JSON.stringify(shared).includes("--v=2") || !text.includes("--v=2"), true);
      assert.equal(/maxPods.*7/.test(JSON.stringify(shared)), /maxPods/.test(file + live));
      await page.locator("#dialog-close").click();
      await page.locator(".menu.right summary").click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download-bundle").click()]);
      assert.doesNotMatch(readFileSync(await download.path(), "utf8"), /S3CRET/);
    });
  }

  test("what is no secret stays as it is, and is judged the same when it is redacted: every example", async () => {
    await withPage(browser, {}, async (page) => {
      const count = await page.locator("#intro-examples button").count();
      for (let at = 0; at < count; at++) {
        await page.locator(".menu summary").first().click();
        await judged(page, () => page.locator("#example-menu button").nth(at).click());
        await page.locator("#share").click();
        await page.waitForFunction(() => document.querySelector("#dialog[open] textarea")?.value);
        const link = await page.locator("#dialog textarea").inputValue();
        const shared = JSON.parse(inflateRawSync(Buffer.from(link.split("#s=")[1], "base64url")));
        assert.equal(shared.flags ?? "", await page.locator("#flags-text").inputValue());
        assert.equal(shared.file?.text ?? "", await page.locator("#file-text").inputValue());
        await page.locator("#redact").check();
        await page.waitForFunction(() => / · /.test(document.querySelector("#dialog .note").textContent));
        assert.match(await page.locator("#dialog .note").textContent(), /judged the same/, `example ${at}`);
        await page.locator("#dialog-close").click();
      }
    });
  });

  for (const [name, hash] of [
    ["broken", "#s=AAAA%%%"],
    ["no state", "#s=q1YqSy0qzszPU7IyrAUA"],
    ["huge", `#s=${"A".repeat(200_000)}`],
    ["a bomb", `#s=${deflated("[".repeat(24 << 20))}`],
    ["of wrong types", `#s=${deflated('{"flags":[1],"file":7}')}`],
  ]) {
    inPage(`a link that is ${name} is refused`, { hash }, async (page) => {
      await page.locator("#toast .alert").waitFor();
      assert.equal(await page.locator("#file-text").inputValue(), "");
      assert.ok(await page.locator("#intro").isVisible());
    });
  }

  inPage("the report that is downloaded is that of the package, byte for byte", { acceptDownloads: true }, async (page) => {
    await judged(page, () => page.locator("#intro-examples button").first().click());
    const downloads = {};
    for (const id of ["download-json", "download-sarif", "download-effective", "download-bundle"]) {
      await page.locator(".menu.right summary").click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id}`).click()]);
      downloads[id] = readFileSync(await download.path(), "utf8");
    }
    const kubevet = await load();
    const bundle = JSON.parse(downloads["download-bundle"]);
    const judgement = kubevet.evaluate({ bundle }, { listSettings: true, values: { version: bundle.version } });
    assert.equal(downloads["download-json"], `${judgement.checkLine()}\n`);
    assert.equal(downloads["download-sarif"], judgement.sarif());
    assert.equal(downloads["download-effective"], `${judgement.effectiveLine()}\n`);
  });

  inPage("the command and the fixed file are copied", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await judged(page, () => page.locator("#intro-examples button").first().click());
    const clipboard = async (id) => {
      await page.locator(".menu.right summary").click();
      await page.locator(`#${id}`).click();
      await page.locator("#toast .message").waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      await page.locator("#toast button").last().click();
      return text;
    };
    assert.match(await clipboard("copy-command"), /^kubevet check \/etc\/kubelet\/config\.yaml --flags '--config=.*' --config-dir kubelet\.conf\.d --kubelet-version 1\.\d+$/);
    const fixed = await clipboard("copy-file");
    assert.ok(fixed.includes("seccompDefault: true") && fixed.includes("# everybody may ask"), fixed);
    await page.locator("#clear").click();
    await fill(page, "flags-text", `KUBELET_A="--read-only-port=10255 --hostname-override='a b'"\nEnvironment="KUBELET_B=--anonymous-auth=true"\n# more`);
    assert.equal(await clipboard("copy-command"), `kubevet check --flags '--read-only-port=10255 '\\''--hostname-override=a b'\\'' --anonymous-auth=true'`);
    await fill(page, "file-text", HEAD);
    await page.locator(".menu.right summary").click();
    await page.locator("#copy-file").click();
    await page.locator("#toast", { hasText: "seccomp" }).waitFor();
    // What only the flags can mend is not in the file.
    assert.doesNotMatch(await page.locator("#toast").textContent(), /read-only-port|anonymous-auth/);
  });

  inPage("what stands there is still there after the page was loaded again", {}, async (page) => {
    await fill(page, "file-text", HEAD);
    await page.reload();
    assert.equal(await page.locator("#file-text").inputValue(), HEAD);
    assert.equal(new URL(page.url()).hash, "");
  });

  const LINK = `#s=${deflated(JSON.stringify({ file: { name: "", text: `${HEAD}# of the link\n` }, language: "ja" }))}`;
  inPage("a link is loaded once: what is done afterwards is still there after the page was loaded again", { hash: LINK }, async (page) => {
    await page.waitForFunction(() => /of the link/.test(document.querySelector("#file-text").value));
    assert.equal(new URL(page.url()).hash, "");
    await page.reload();
    assert.match(await page.locator("#file-text").inputValue(), /of the link/);
    await fill(page, "file-text", `${HEAD}# work\n`);
    await page.reload();
    assert.match(await page.locator("#file-text").inputValue(), /work/);
  });

  inPage("a link over what stands there can be taken back", {}, async (page) => {
    await fill(page, "file-text", `${HEAD}# work\n`);
    await judged(page, () => page.evaluate((hash) => (location.hash = hash), LINK));
    assert.match(await page.locator("#file-text").inputValue(), /of the link/);
    assert.match(await page.locator("#share").textContent(), /リンク/);
    await judged(page, () => page.locator("#toast button.link").first().click());
    assert.match(await page.locator("#file-text").inputValue(), /work/);
    assert.match(await page.locator("#share").textContent(), /link/);
  });
});

describe("hostile input", () => {
  inPage("markup in texts, keys, names and the address is text", { hash: `#check=${encodeURIComponent(HOSTILE)}` }, async (page) => {
    await page.locator("#dialog[open]").waitFor();
    assert.ok((await page.locator("#dialog-title").textContent()).includes("<img"));
    await page.keyboard.press("Escape");
    await fill(page, "flags-text", `--${HOSTILE}`);
    await fill(page, "flags-text", `'--hostname-override=${HOSTILE}' --config-dir=/etc/d`);
    await fill(page, "file-text", `${HEAD}'${HOSTILE}': 1\nreadOnlyPort: '${HOSTILE}'\n`);
    await judged(page, () => page.locator("#file-name").fill(HOSTILE));
    await judged(page, () => page.locator("#add-drop-in").click());
    await page.locator("#drop-ins input.name").fill(`${HOSTILE}.conf`.replaceAll("/", "_"));
    await judged(page, () => page.keyboard.press("Tab"));
    await page.locator("#tab-settings").click();
    await page.locator("#search").fill(HOSTILE);
    await judged(page, () => drop(page, [{ name: HOSTILE, text: HOSTILE }]));
    await fill(page, "file-text", `${HEAD}nodeLeaseDurationSeconds: 1\n"${HOSTILE.replaceAll('"', '\\"')}": {}\nfeatureGates: {"<b>x</b>": true}\n`);
    await page.locator("#share").click();
    assert.equal(await page.locator("img, main script, iframe, main b:not(.filter b), object, embed").count(), 0);
  });

  inPage("5 MB are refused with a message, and the page stays usable", {}, async (page) => {
    await fill(page, "file-text", `${HEAD}readOnlyPort: 1\n`);
    const started = Date.now();
    await paste(page, "file-text", `${HEAD}${"# much\n".repeat(750_000)}`);
    await page.locator("#toast .alert").waitFor();
    assert.match(await page.locator("#toast").textContent(), /5\.0 MiB/);
    assert.equal(await page.locator("#file-text").inputValue(), `${HEAD}readOnlyPort: 1\n`);
    await drop(page, [{ name: "large.yaml", text: "#".repeat(5 << 20) }]);
    await page.waitForFunction(() => /large\.yaml/.test(document.querySelector("#toast").textContent));
    await page.locator("#file-text").evaluate((area) => {
      area.value = "#".repeat(5 << 20);
      area.dispatchEvent(new InputEvent("input"));
    });
    assert.equal(await page.locator("#file-text").inputValue(), `${HEAD}readOnlyPort: 1\n`);
    assert.ok(Date.now() - started < 10_000, `${Date.now() - started} ms`);
    assert.ok((await cards(page, "fail")).includes("read-only-port"));
  });

  inPage("a megabyte is judged beside the page, which stays usable", {}, async (page) => {
    const labels = Array.from({ length: 25_000 }, (_, at) => `unknown-key-${at}: "value ${at}"\n`).join("");
    await page.locator("#version").selectOption("1.34");
    const started = Date.now();
    await judged(page, () => paste(page, "file-text", `${HEAD}${labels}`));
    assert.match(await page.locator(".filter.problems").textContent(), /101/);
    await page.locator("#file-text").evaluate((area) => area.setSelectionRange(0, 0));
    await judged(page, () => page.keyboard.type("#"));
    assert.ok(Date.now() - started < 15_000, `${Date.now() - started} ms`);
  });

  inPage("what nests without end ends the judgement, and not the page", {}, async (page) => {
    await page.locator("#version").selectOption("1.34");
    for (const text of ["[".repeat(500_000), "a: &a [x]\n".repeat(10) + "b: [*a,*a]\n", `${"{a: ".repeat(20_000)}`, `${HEAD}${"  ".repeat(9000)}a`]) {
      await fill(page, "file-text", text);
      assert.doesNotMatch(await page.locator("#verdict").textContent(), /Nothing fails/, text.slice(0, 20));
    }
    await fill(page, "file-text", `${HEAD}readOnlyPort: 0\n`);
    await page.locator("#filters").waitFor();
  });
});

describe("everybody", () => {
  inPage("in Japanese, from the browser's language or by choice", { locale: "ja-JP" }, async (page) => {
    assert.equal(await page.locator("html").getAttribute("lang"), "ja");
    await fill(page, "flags-text", "--read-only-port=10255");
    assert.match(await page.locator("#verdict").textContent(), /不合格/);
    assert.match(await page.locator(".card.fail .message").first().textContent(), /[ぁ-ん]/);
    await judged(page, () => page.locator("#language").selectOption("en"));
    assert.match(await page.locator("#verdict").textContent(), /failed/);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.deepEqual(await page.locator("[data-word]").evaluateAll((elements) => elements.map((element) => element.textContent).filter((text) => /[ぁ-んァ-ヶ]/.test(text))), []);
  });

  inPage("with the keyboard alone", {}, async (page) => {
    const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    await press("Tab");
    assert.match(await focused(), /Skip/);
    await press("Tab", "Enter", "Tab");
    await judged(page, () => press("Enter"));
    assert.ok((await cards(page, "fail")).includes("read-only-port"));
    // Everything can be reached, and is seen to have the focus.
    const reached = new Set();
    for (let count = 0; count < 120; count++) {
      await press("Tab");
      const { name, isSeen } = await page.evaluate(() => {
        const { activeElement } = document;
        const style = getComputedStyle(activeElement);
        const editor = activeElement.closest(".editor");
        const isSeen = style.outlineStyle !== "none" || (editor && getComputedStyle(editor).boxShadow !== "none") || activeElement === document.body;
        return { name: activeElement.id || activeElement.dataset.focus || activeElement.className, isSeen };
      });
      assert.ok(isSeen, `the focus on ${name} is not seen`);
      reached.add(name);
    }
    for (const id of ["flags-text", "file-text", "file-name", "add-drop-in", "version", "benchmark", "share", "theme", "tab-findings", "fix-all", "fix", "why"]) {
      assert.ok(reached.has(id), `${id} is not reached: ${[...reached].join()}`);
    }
    await page.locator("#tab-findings").focus();
    await press("ArrowRight");
    assert.equal(await focused(), "tab-settings");
    assert.ok(await page.locator("#settings").isVisible());
    await press("ArrowRight");
    await page.locator("[data-focus=why]").first().focus();
    await press("Enter");
    await page.locator("#dialog[open]").waitFor();
    await press("Escape");
    assert.equal(await page.locator("#dialog[open]").count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.focus), "why");
    await page.locator("details.card.fail [data-focus=fix]").first().focus();
    await judged(page, () => press("Enter"));
    await page.waitForFunction(() => document.querySelector("#spoken").textContent !== "");
  });

  inPage("explanations have addresses of their own", { hash: "#check=read-only-port" }, async (page) => {
    await page.locator("#dialog[open]").waitFor();
    assert.match(await page.locator("#dialog-body").textContent(), /cis-1\.12/);
    await page.keyboard.press("Escape");
    await page.evaluate(() => (location.hash = "#check=anonymous-auth"));
    await page.waitForFunction(() => /anonymous-auth/.test(document.querySelector("#dialog[open] .meta")?.textContent ?? ""));
  });

  for (const [name, options] of [
    ["light", {}],
    ["dark", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
    ["in Japanese", { locale: "ja-JP" }],
  ]) {
    inPage(`axe finds nothing: ${name}`, options, async (page) => {
      const axe = readFileSync(root("web/node_modules/axe-core/axe.min.js"), "utf8");
      await page.evaluate(`${axe}; undefined`);
      const check = async (what) => {
        const violations = await page.evaluate(async () => {
          const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
        });
        assert.deepEqual(violations, [], what);
      };
      await check("empty");
      await judged(page, () => page.locator("#intro-examples button").first().click());
      await page.locator("#filters button").last().click();
      await page.locator("#live summary").click();
      await check("findings");
      await page.locator("#tab-settings").click();
      await page.locator(".setting summary").first().click();
      await check("settings");
      await page.locator("#tab-findings").click();
      await page.locator("[data-focus=why]").first().click();
      await check("explanation");
      await page.keyboard.press("Escape");
      await page.locator("#share").click();
      await check("link");
    });
  }

  inPage("on a phone nothing is wider than the screen", { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true }, async (page) => {
    await judged(page, () => page.locator("#intro-examples button").first().click());
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await page.locator("#tab-settings").click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  });

  inPage("nothing moves while it loads", {}, async (page) => {
    await page.waitForFunction(() => document.querySelector("#digest").textContent !== "");
    const moved = await page.evaluate(() => new Promise((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value))).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => resolve(sum), 300);
    }));
    assert.ok(moved < 0.02, String(moved));
  });
});

describe("alone", () => {
  test("from a plain file server, which is asked for one file", async () => {
    const server = await served();
    try {
      await withPage(browser, { address: server.address }, async (page) => {
        await fill(page, "flags-text", "--read-only-port=10255");
        assert.ok((await cards(page, "fail")).includes("read-only-port"));
        await page.locator("#share").click();
        await page.locator("#dialog textarea").waitFor();
      });
      assert.deepEqual(server.asked, ["GET /"]);
    } finally {
      server.close();
    }
  });

  test("offline, from a file", async () => {
    await withPage(browser, {}, async (page) => {
      await page.context().setOffline(true);
      await page.reload();
      await fill(page, "flags-text", "--read-only-port=10255");
      assert.ok((await cards(page, "fail")).includes("read-only-port"));
    });
  });

  test("the policy lets nothing out, and no other script in", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(new URL("../dist/index.html", import.meta.url).href);
    const tried = await page.evaluate(async () => {
      const outcome = (attempt) => Promise.resolve().then(attempt).then(() => "done", (error) => error.constructor.name);
      const inert = document.createElement("div");
      return {
        fetch: await outcome(() => fetch("https://example.org/")),
        markup: await outcome(() => (inert.innerHTML = "<b>x</b>")),
        // Not within what the test itself evaluates, which the policy does not bind.
        eval: await new Promise((resolve) => setTimeout(() => void outcome(() => eval("1")).then(resolve), 50)),
        worker: await outcome(() => new Worker("data:text/javascript,1")),
        policy: await outcome(() => trustedTypes.createPolicy("other", {})),
        socket: await outcome(() => new Promise((resolve, reject) => {
          const socket = new WebSocket("wss://example.org/");
          socket.onopen = resolve;
          socket.onerror = () => reject(new TypeError());
        })),
      };
    });
    assert.deepEqual(tried, { fetch: "TypeError", markup: "TypeError", eval: "EvalError", worker: "TypeError", policy: "TypeError", socket: "TypeError" });
    const style = await page.evaluate(() => {
      document.body.setAttribute("style", "opacity: .5");
      return getComputedStyle(document.body).opacity;
    });
    assert.equal(style, "1");
    await context.close();
  });
});

function deflated(text) {
  return deflateRawSync(text).toString("base64url");
}
