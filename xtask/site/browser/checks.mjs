// What holds for each page, as the faults that are found: none is good.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";

const rules = JSON.parse(readFileSync(new URL(".htmlvalidate.json", import.meta.url)));
const validator = new HtmlValidate({ root: true, ...rules });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/// Opens `url`, and gives the errors that it wrote to the console.
export async function errors(page, url) {
  const said = [];
  const console = (message) => {
    if (message.type() === "error") said.push(message.text());
  };
  const thrown = (error) => said.push(String(error));
  page.on("console", console).on("pageerror", thrown);
  await page.goto(url);
  page.off("console", console).off("pageerror", thrown);
  return said;
}

/// What makes the page that is open scroll sideways, with all that is folded open.
export const sideways = (page) => page.evaluate(() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const scrolls = (element) => getComputedStyle(element).overflowX !== "visible";
  const isCut = (element) => element !== document.body
    && (scrolls(element) || (element.parentElement && isCut(element.parentElement)));
  const wide = [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .filter((element) => !isCut(element.parentElement))
    .map((element) => `<${element.localName}> ${element.textContent.slice(0, 60)}`);
  return [`${scrollWidth} pixels wide, and ${clientWidth} are there`, ...wide];
});

/// What is not valid HTML.
export async function invalid(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) => result.messages)
    .map((message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
}

/// What axe finds on the page that is open, with all that is folded open.
export async function barriers(page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}
