"""An HTTP session: 100 pages over 10 connections."""

import asyncio
import http.client
import http.server
import itertools
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PAGES = 100
AT_ONCE = 10
LONGEST = 65_536
PATIENCE = 5.0


class Count:
    """How many there have been, and the most at one time."""

    def __init__(self) -> None:
        self.changes: queue.SimpleQueue[int] = queue.SimpleQueue()

    def enter(self) -> None:
        self.changes.put(1)

    def leave(self) -> None:
        self.changes.put(-1)

    def totals(self) -> tuple[int, int]:
        changes = [self.changes.get() for _ in range(self.changes.qsize())]
        return changes.count(1), max(itertools.accumulate(changes))


class Session:
    def __init__(self, port: int, pool: ThreadPoolExecutor) -> None:
        self.port = port
        self.pool = pool
        self.permits = asyncio.Semaphore(AT_ONCE)
        self.idle: list[http.client.HTTPConnection] = []

    async def get(self, path: str) -> bytes:
        async with self.permits:
            if self.idle:
                connection = self.idle.pop()
            else:
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=PATIENCE
                )
            loop = asyncio.get_running_loop()
            page = await loop.run_in_executor(self.pool, fetch, connection, path)
            # If the server has closed it, it is opened again when it is used.
            self.idle.append(connection)
            return page

    def close(self) -> None:
        for connection in self.idle:
            connection.close()


def fetch(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    response = connection.getresponse()
    page = response.read(LONGEST)
    if response.status != http.HTTPStatus.OK or not response.isclosed():
        connection.close()
        raise OSError(f"{path}: {response.status}, {len(page)} bytes")
    return page


async def fetch_all(port: int) -> None:
    with ThreadPoolExecutor(max_workers=PAGES) as pool:
        session = Session(port, pool)
        pages = await asyncio.gather(
            *(session.get(f"/{number}") for number in range(PAGES))
        )
        session.close()
    right = sum(
        page == f"page {number}".encode() for number, page in enumerate(pages)
    )
    print(f"client: {right} pages, each the right one")


class Site(http.server.ThreadingHTTPServer):
    def __init__(self, last: int) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.last = last
        self.connections, self.requests = Count(), Count()
        self.together = threading.Barrier(AT_ONCE, timeout=PATIENCE)
        self.places = threading.BoundedSemaphore(1000)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.places.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()


class Page(http.server.BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"  # keeps the connection
    wbufsize = -1  # one packet an answer
    timeout = 60.0  # for each read and write

    def setup(self) -> None:
        super().setup()
        self.server.connections.enter()

    def finish(self) -> None:
        self.server.connections.leave()
        super().finish()

    def do_GET(self) -> None:
        self.server.requests.enter()
        self.server.together.wait()
        self.server.requests.leave()
        number = self.path.lstrip("/")
        page = f"page {number}".encode()
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Length", str(len(page)))
        if number == str(self.server.last):
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_args: object) -> None:
        pass


def main() -> None:
    with Site(last=50) as server:
        port = server.server_address[1]
        print(f"server: listening on 127.0.0.1:{port}")
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        asyncio.run(fetch_all(port))
        server.shutdown()
        serving.join()
    asked, most_asked = server.requests.totals()
    opened, most_opened = server.connections.totals()
    print(f"server: {asked} requests over {opened} connections")
    print(f"server: at once {most_opened} connections, {most_asked} requests")


if __name__ == "__main__":
    main()
