/** A real Chromium with the page in it, watched: what it asks for, says and breaks. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const PAGE = new URL("../dist/index.html", import.meta.url);

/** Debian's browser, or another one. */
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Starts a browser; `use` gets it, and it ends afterwards. */
export async function withBrowser(use) {
  assert.ok(existsSync(CHROMIUM), `there is no ${CHROMIUM}: install Debian's package chromium, or set CHROMIUM`);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/** A plain file server for the page, which counts what it is asked for. */
export async function served(folder = new URL("../dist/", import.meta.url)) {
  const asked = [];
  const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const path = request.url === "/" ? "index.html" : request.url.slice(1);
    try {
      const body = await readFile(new URL(path, folder));
      response.writeHead(200, { "content-type": types[path.split(".").pop()] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/`;
  return { address, asked, close: () => server.close() };
}

/**
 * Opens the page in a context of its own. In the end nothing was asked for but the page, nothing was said in the console, and
 * nothing broke the policy.
 */
export async function withPage(browser, options, use) {
  const { address = PAGE.href, hash = "", ...contextOptions } = options;
  const context = await browser.newContext({ viewport: { width: 1380, height: 900 }, ...contextOptions });
  const seen = { requests: [], said: [] };
  // Requests of pages, frames and workers all pass here; what is not the page itself goes nowhere.
  await context.route("**", (route) => {
    const url = route.request().url();
    if (url.split("#")[0] === address) return route.continue();
    seen.requests.push(url);
    return route.abort();
  });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.on("console", (message) => seen.said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.said.push(`error: ${error.stack}`));
  page.on("dialog", (dialog) => (seen.said.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("websocket", (socket) => seen.requests.push(socket.url()));
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  network.on("Network.requestWillBeSent", ({ request: { url } }) => {
    if (!/^(blob|data):/.test(url) && url.split("#")[0] !== address) seen.requests.push(url);
  });
  await page.goto(address + hash);
  await use(page, seen);
  assert.deepEqual(seen, { requests: [], said: [] });
  await context.close();
}

/** Waits until what stands in the boxes has been judged. */
export async function judged(page, change) {
  const count = () => page.locator("#results").getAttribute("data-judged").then(Number);
  const before = await count();
  const result = await change();
  await page.waitForFunction((before) => {
    const results = document.querySelector("#results");
    return Number(results.dataset.judged ?? 0) > before && !results.ariaBusy;
  }, before);
  return result;
}

/** The ids of the findings that are shown, with this status. */
export function cards(page, status) {
  return page.locator(`#list details.card.${status} summary .id`).allTextContents();
}

/** Text that is in the box as if it had been typed at once. */
export function fill(page, id, text) {
  return judged(page, () => page.locator(`#${id}`).fill(text));
}

/** Pastes a text into the box that has the focus, as the clipboard would. */
export function paste(page, id, text) {
  return page.locator(`#${id}`).evaluate((area, text) => {
    area.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (area.dispatchEvent(event)) document.execCommand("insertText", false, text);
  }, text);
}

/** Drops files onto the page. */
export function drop(page, files) {
  return page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of files) dataTransfer.items.add(new File([typeof text === "string" ? text : new Uint8Array(text)], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, files);
}

export const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
