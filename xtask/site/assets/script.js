// Search, copy buttons and keys. Everything else works without.
"use strict";
{
  const root = document.currentScript.dataset.root;
  const form = document.querySelector(".search");
  const input = document.querySelector("#search");
  const found = document.querySelector("#found");

  // Two words are one in two forms: the same but for at most three letters at
  // the end, and at least four shared. Good enough for English, Ukrainian and
  // Russian without a table.
  const alike = (word, query) => {
    if (word.startsWith(query)) return true;
    let shared = 0;
    while (shared < word.length && word[shared] === query[shared]) shared += 1;
    return shared >= 4 && word.length - shared <= 3 && query.length - shared <= 3;
  };

  const search = (text) => {
    const queries = text.toLowerCase().split(/[^\p{L}\p{N}_.]+/u).filter(Boolean);
    if (!queries.length) return [];
    const rows = window.index.map(([url, title, words]) => {
      const all = words.split(" ");
      const name = url.replace(/.*\/|\.html/g, "");
      let score = 0;
      for (const query of queries) {
        const hit = all.find((word) => alike(word, query));
        if (!hit) return null;
        const main = alike(name, query) || title.toLowerCase().includes(query);
        score += (main ? 10 : 0) + (all.includes(query) ? 2 : 0) + (name === query ? 20 : 0);
      }
      return { url, title, score };
    });
    return rows.filter(Boolean).sort((a, b) => b.score - a.score).slice(0, 12);
  };

  const show = () => {
    found.replaceChildren(...search(input.value).map(({ url, title }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = root + url;
      link.textContent = title.replaceAll("`", "");
      item.append(link);
      return item;
    }));
    if (input.value.trim() && !found.children.length) {
      const item = document.createElement("li");
      item.textContent = "Nothing found.";
      found.append(item);
    }
    found.hidden = !input.value.trim();
  };

  let loading;
  const load = () => {
    loading ??= new Promise((ready) => {
      const script = document.createElement("script");
      script.src = root + "search.js";
      script.onload = ready;
      document.head.append(script);
    });
    return loading;
  };

  form.hidden = false;
  input.addEventListener("focus", load);
  input.addEventListener("input", () => load().then(show));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load().then(() => { show(); found.querySelector("a")?.click(); });
  });
  form.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") links[at + 1]?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? input).focus();
    else if (event.key === "Escape") { found.hidden = true; input.focus(); }
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input")) return;
    const go = (rel) => document.querySelector(`link[rel=${rel}]`)?.href;
    const to = { n: go("next"), p: go("prev") }[event.key];
    if (event.key === "/") { event.preventDefault(); input.focus(); }
    else if (to) location.href = to;
  });

  // A click on a line's number makes the address lead to that line.
  for (const code of document.querySelectorAll("pre.lines")) {
    code.addEventListener("click", ({ target, clientX }) => {
      const text = code.firstElementChild.getBoundingClientRect().left;
      const line = target.closest("[id]");
      if (clientX < text && line !== code) location.hash = line.id;
    });
  }

  for (const code of document.querySelectorAll("pre.code")) {
    const frame = document.createElement("div");
    const button = document.createElement("button");
    frame.className = "framed";
    button.className = "copy";
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    code.replaceWith(frame);
    frame.append(code, button);
  }
}
