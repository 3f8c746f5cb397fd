// Tests the pages in a real browser: node test.mjs FOLDER
//
// First each check is shown a page with a fault planted, which it must see. Then
// every page: no error on the console, nothing that scrolls sideways on a phone,
// valid HTML. One page of each kind: axe in light and dark, on a phone and on a
// desktop. Search and keys as a reader uses them. Exits 0 if all is well, or where
// there is no browser, which it says.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { chromium } from "playwright-core";
import { barriers, errors, invalid, sideways } from "./checks.mjs";
import { serve } from "./serve.mjs";

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

// Pages with a fault: the start page, and what is planted at the end of its text.
const start = readFileSync(join(folder, "index.html"), "utf8");
const faults = {
  "planted-console.html": "<script>console.error('planted')</script>",
  "planted-throw.html": "<script>throw new Error('planted')</script>",
  "planted-wide.html": "<p style=\"width:30rem\">planted</p>",
  "planted-wide-pre.html": `<pre>${"planted ".repeat(20)}</pre>`,
  "planted-invalid.html": "<ul><p>planted</p></ul>",
  "planted-barrier.html": "<img src=\"data:,\">",
  "planted-contrast.html": "<p style=\"color:#bbb;background:#fff\">planted</p>",
};
const planted = Object.fromEntries(Object.entries(faults)
  .map(([name, fault]) => [name, start.replace("</main>", `${fault}</main>`)]));
const { root, close } = await serve(folder, planted);

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const phone = { width: 390, height: 844 };
const desktop = { width: 1440, height: 900 };

const page = await browser.newPage({ viewport: phone });

// Each check sees the fault that is planted for it. The start page without it is
// among the pages below.
for (const [name, look] of [
  ["planted-console.html", errors], ["planted-throw.html", errors],
  ["planted-wide.html", sideways], ["planted-wide-pre.html", sideways],
  ["planted-invalid.html", (_, url) => invalid(planted[url.split("/").pop()])],
  ["planted-barrier.html", barriers], ["planted-contrast.html", barriers],
]) {
  await page.goto(root + name);
  const seen = await look(page, root + name);
  check(`${name}: the check sees it`, seen.length > 0 ? [] : ["it sees nothing"]);
}

// Every page, on a phone.
for (const name of pages) {
  check(`${name}: errors on the console`, await errors(page, root + name));
  check(`${name}: scrolls sideways at ${phone.width} px`, await sideways(page));
  check(`${name}: HTML`, await invalid(readFileSync(join(folder, name), "utf8")));
}

// One page of each kind, by axe.
const some = ["index.html", "threading/index.html", "sync-primitives/semaphore.html",
  "ipc/pipe.html", "asyncio/chat_server.html", "python.html", "rust.html",
  "rust-2.html", "bugs.html", "notes.html", "benchmarks.html", "beyond.html"].filter((name) => pages.includes(name));
for (const name of some) {
  for (const [size, viewport] of Object.entries({ phone, desktop })) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme });
      const own = await context.newPage();
      await own.goto(root + name);
      check(`${name}: axe, ${size}, ${colorScheme}`, await barriers(own));
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

// A click on a line's number leads to the line.
const number = reader.locator("#p5").first();
await number.scrollIntoViewIfNeeded();
const { x, y } = await number.boundingBox();
await reader.mouse.click(x - 10, y + 5);
await reader.waitForURL(/#p5$/);
check("line numbers", []);
const copies = await reader.locator("button.copy").count();
check("copy buttons", copies > 2 ? [] : [`${copies} buttons`]);

await browser.close();
close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
