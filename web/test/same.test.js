/** In Chromium, too, every recorded target and every case of the checks has the reports of the component in wasmtime. */

import assert from "node:assert/strict";
import test from "node:test";

import { answers } from "../../plugin/browser/npm/test/answers.js";
import { served, withBrowser } from "./browser.js";

/** So many at once: the reports of one are some ten thousand bytes. */
const BATCH = 200;

test("the same reports as the component, byte for byte, in Chromium", async () => {
  const server = await served(new URL("../../plugin/browser/npm/dist/", import.meta.url));
  try {
    await withBrowser(async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${server.address}schema.js`);
      await page.evaluate(async () => {
        const { Kubevet } = await import("/index.js");
        globalThis.kubevet = await Kubevet.load(await (await fetch("/kubevet_bg.wasm")).arrayBuffer());
      });
      let count = 0;
      let batch = [];
      const compare = async () => {
        const targets = batch.map(({ bundle, options }) => ({ bundle, options }));
        const reports = await page.evaluate((targets) => targets.map(({ bundle, options }) => {
          const judgement = kubevet.evaluate({ bundle: JSON.parse(bundle) }, options);
          const reports = [judgement.checkLine(), judgement.effectiveLine()];
          judgement.free();
          return reports;
        }), targets);
        for (const [at, { bundle, check, effective }] of batch.entries()) {
          assert.deepEqual(reports[at], [check, effective], bundle);
        }
        count += batch.length;
        batch = [];
      };
      for await (const answer of answers()) {
        batch.push(answer);
        if (batch.length === BATCH) await compare();
      }
      await compare();
      assert.ok(count > 7000, `${count} are too few`);
      console.log(`${count} reports are the same in Chromium ${browser.version()}`);
    });
  } finally {
    server.close();
  }
});
