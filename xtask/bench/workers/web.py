"""Servers of HTTP/1.1 that keep their connections; the answer is the path."""

import asyncio
import http.server

import serving


async def answer(reader, writer):
    """The standard library has no server of HTTP for asyncio: the head by hand."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            line, *fields = head.decode("latin-1").splitlines()[:-1]
            _method, path, _version = line.split()
            _headers = dict(field.split(": ", 1) for field in fields)
            start = f"HTTP/1.1 200 OK\r\nContent-Length: {len(path)}\r\n\r\n"
            writer.write((start + path).encode())
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one

    def do_GET(self):
        body = self.path.encode()
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    serving.main(
        streams=lambda: asyncio.run(serving.streams(answer)),
        uvloop=lambda: serving.uvloop(lambda: serving.streams(answer)),
        threads=lambda: serving.threads(http.server.ThreadingHTTPServer, Handler),
    )
