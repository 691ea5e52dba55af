/** Where the rules run: beside the page, so that it stays usable whatever they are given. */

import { Kubevet, type Boxes, type Judgement, type Mark, type Options } from "kubevet";

import { unpack } from "./lzma.js";
import { assembled } from "./sorted.js";
import type { Answer, Question } from "./judge.js";

let ready: Promise<Kubevet> | undefined;
let judgement: Judgement | undefined;

function answer(kubevet: Kubevet, question: Question): unknown {
  switch (question.ask) {
    case "describe":
      return kubevet.describe(question.language);
    case "evaluate": {
      judgement?.free();
      judgement = undefined;
      const started = performance.now();
      judgement = kubevet.evaluate(question.target, question.options);
      return {
        check: judgement.check(),
        effective: judgement.effective(),
        marks: judgement.marks(),
        wants: judgement.wants(),
        exit: judgement.exit(),
        milliseconds: performance.now() - started,
      };
    }
    case "statuses": {
      const other = kubevet.evaluate(question.target, question.options);
      const findings = other.check().findings.map(({ check, status }) => ({ check, status }));
      other.free();
      return findings;
    }
    case "secrets":
      return secrets(kubevet, question.target, question.options);
    case "bundle": {
      const other = kubevet.evaluate(question.target, question.options);
      const line = other.bundleLine();
      other.free();
      return line;
    }
  }
  if (!judgement) throw new Error("nothing was judged");
  switch (question.ask) {
    case "fix":
      return judgement.fix(question.check);
    case "mend":
      return judgement.mend(question.problem);
    case "write":
      return {
        check: () => judgement!.checkLine(),
        effective: () => judgement!.effectiveLine(),
        sarif: () => judgement!.sarif(),
      }[question.what]();
  }
}

/** The kubelet may end before it reads all that stands here, so each box is read by itself, too. */
function secrets(kubevet: Kubevet, target: Boxes, options: Options): Mark[] {
  const { flags, file, live, dropIns } = target;
  const found = (target: Boxes): Mark[] => {
    const alone = kubevet.evaluate(target, options);
    const marks = alone.marks().filter((mark) => mark.kind === "withheld");
    alone.free();
    return marks;
  };
  return [
    ...found(target),
    ...(flags === undefined ? [] : found({ flags })),
    ...(file ? found({ file }) : []),
    ...(live === undefined ? [] : found({ live })),
    ...(dropIns?.files ?? []).flatMap((file, index) => found({ file }).map((mark): Mark => ({ ...mark, box: "drop-in", index }))),
  ];
}

addEventListener("message", async ({ data }: MessageEvent<{ rules: string } | { id: number; question: Question }>) => {
  if ("rules" in data) {
    // A promise that fails is told to who asks.
    ready = Promise.resolve().then(() => {
      const packed = Uint8Array.from(atob(data.rules), (character) => character.charCodeAt(0));
      return Kubevet.load(assembled(unpack(packed)) as Uint8Array<ArrayBuffer>);
    });
    return;
  }
  const { id, question } = data;
  let reply: Answer;
  try {
    if (!ready) throw new Error("no rules were loaded");
    reply = { id, answer: answer(await ready, question) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(reply);
});
