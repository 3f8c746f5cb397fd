// Tests the pages in a real browser: node test.mjs FOLDER
//
// Every page: no error on the console, nothing that scrolls sideways on a phone,
// valid HTML. One page of each kind: axe in light and dark, on a phone and on a
// desktop. Search and keys as a reader uses them. Exits 0 if all is well, or where
// there is no browser, which it says.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, relative } from "node:path";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const folder = process.argv[2];
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!folder || !existsSync(join(folder, "index.html"))) {
  console.error("no pages: run `cargo xtask site`, then `node test.mjs target/site`");
  process.exit(2);
}
if (!existsSync(browserPath)) {
  console.log(`skipped: no ${browserPath}; install chromium, or name one in CHROMIUM`);
  process.exit(0);
}

const walk = (at) => readdirSync(at).flatMap((name) => {
  const path = join(at, name);
  return statSync(path).isDirectory() ? walk(path) : [path];
});
const pages = walk(folder).filter((path) => path.endsWith(".html"))
  .map((path) => relative(folder, path)).sort();

let passed = 0;
let failed = 0;
const check = (what, faults) => {
  if (faults.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`failed ${what}`);
  for (const fault of faults.slice(0, 5)) console.log(`  ${fault}`);
};

const kinds = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://x").pathname);
  const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "Content-Type": kinds[extname(file)] ?? "text/plain" });
  response.end(readFileSync(file));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const root = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const phone = { width: 390, height: 844 };
const desktop = { width: 1440, height: 900 };

// Every page, on a phone.
const rules = JSON.parse(readFileSync(new URL(".htmlvalidate.json", import.meta.url)));
const validator = new HtmlValidate({ root: true, ...rules });
const page = await browser.newPage({ viewport: phone });
let said = [];
page.on("console", (message) => {
  if (message.type() === "error") said.push(message.text());
});
page.on("pageerror", (error) => said.push(String(error)));
for (const name of pages) {
  said = [];
  await page.goto(root + name);
  check(`${name}: errors on the console`, said);
  const wide = await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("main *")]
      .filter((element) => !element.closest("pre, .wide, svg"))
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `<${element.localName}> ${element.textContent.slice(0, 60)}`);
  });
  check(`${name}: scrolls sideways at ${phone.width} px`, wide);
  const report = await validator.validateString(readFileSync(join(folder, name), "utf8"));
  const faults = report.results.flatMap((result) => result.messages)
    .map((message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
  check(`${name}: HTML`, faults);
}

// One page of each kind, by axe.
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const some = ["index.html", "threading/index.html", "sync-primitives/semaphore.html",
  "ipc/pipe.html", "asyncio/chat_server.html", "python.html", "rust.html", "bugs.html",
  "notes.html", "benchmarks.html", "beyond.html"].filter((name) => pages.includes(name));
for (const name of some) {
  for (const [size, viewport] of Object.entries({ phone, desktop })) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme });
      const own = await context.newPage();
      await own.goto(root + name);
      await own.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      await own.evaluate(axe);
      const { violations } = await own.evaluate(() => window.axe.run());
      const faults = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
      check(`${name}: axe, ${size}, ${colorScheme}`, faults);
      await context.close();
    }
  }
}

// Search, by words and by names.
const reader = await browser.newPage({ viewport: desktop });
await reader.goto(`${root}index.html`);
for (const [query, wanted] of [
  ["semaphore", "Semaphore"], ["deadlock", "Deadlock"], ["deadlocks", "Deadlock"],
  ["barrier", "Barrier"], ["pipes", "Pipe"], ["cancelled", "Cancel"], ["poisoned", "poison"],
  ["threading.Barrier", "Barrier"], ["asyncio.TaskGroup", "Task group"],
  ["multiprocessing.Pool", "pool"], ["zombie", "Zombie"],
]) {
  await reader.fill("#search", query);
  await reader.waitForFunction(() => !document.querySelector("#found").hidden);
  const found = await reader.locator("#found li").allTextContents();
  const hit = found.some((title) => title.toLowerCase().includes(wanted.toLowerCase()));
  check(`search for ${query}`, hit ? [] : [`found: ${found.join(" | ")}`]);
}

// Keys: / to search, down to a hit, Enter to it; n and p to the neighbours.
await reader.goto(`${root}index.html`);
await reader.keyboard.press("/");
await reader.keyboard.type("barrier");
await reader.waitForSelector("#found a");
await reader.keyboard.press("ArrowDown");
await reader.keyboard.press("Enter");
await reader.waitForURL(/barrier/);
const at = reader.url();
await reader.keyboard.press("n");
await reader.waitForURL((url) => String(url) !== at);
await reader.keyboard.press("p");
await reader.waitForURL(at);
check("keys", []);
const copies = await reader.locator("button.copy").count();
check("copy buttons", copies > 2 ? [] : [`${copies} buttons`]);

await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
