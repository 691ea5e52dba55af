/** Every recorded target and every case of the checks: the reports of this package are those of the component in wasmtime. */

import assert from "node:assert/strict";
import test from "node:test";

import { load } from "../dist/node.js";
import { answers } from "./answers.js";

test("the same reports as the component, byte for byte", async () => {
  const kubevet = await load();
  let count = 0;
  for await (const { bundle, options, check, effective } of answers()) {
    const judgement = kubevet.evaluate({ bundle: JSON.parse(bundle) }, options);
    assert.equal(judgement.checkLine(), check, bundle);
    assert.equal(judgement.effectiveLine(), effective, bundle);
    judgement.free();
    count += 1;
  }
  assert.ok(count > 7000, `${count} are too few`);
  console.log(`${count} reports are the same`);
});
