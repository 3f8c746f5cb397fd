// Serves the pages of a folder on a free port of 127.0.0.1.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const kinds = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };

/// Serves `folder`; what `planted` names is served instead of what is there.
export async function serve(folder, planted) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://x").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    const fault = planted[path.slice(1)];
    if (!fault && !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": kinds[extname(file)] ?? "text/plain" });
    response.end(fault ?? readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const root = `http://127.0.0.1:${server.address().port}/`;
  return { root, close: () => server.close() };
}
