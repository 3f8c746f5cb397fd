"""An HTTP session: 100 pages over 10 connections."""

import asyncio
import http.client
import http.server
import threading
from concurrent.futures import ThreadPoolExecutor

PAGES = 100
AT_ONCE = 10


class Count:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.all = self.now = self.most = 0

    def enter(self) -> None:
        with self.lock:
            self.all += 1
            self.now += 1
            self.most = max(self.most, self.now)

    def leave(self) -> None:
        with self.lock:
            self.now -= 1


connections, requests = Count(), Count()
together = threading.Barrier(AT_ONCE)


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection
    wbufsize = -1  # one packet an answer

    def setup(self) -> None:
        super().setup()
        connections.enter()

    def finish(self) -> None:
        connections.leave()
        super().finish()

    def do_GET(self) -> None:
        requests.enter()
        together.wait()
        requests.leave()
        page = f"page {self.path.lstrip('/')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_args) -> None:
        pass


class Session:
    def __init__(self, port: int, pool: ThreadPoolExecutor) -> None:
        self.port = port
        self.pool = pool
        self.permits = asyncio.Semaphore(AT_ONCE)
        self.idle = []

    async def get(self, path: str) -> bytes:
        async with self.permits:
            if self.idle:
                connection = self.idle.pop()
            else:
                connection = http.client.HTTPConnection("127.0.0.1", self.port)

            def blocking() -> bytes:
                connection.request("GET", path)
                return connection.getresponse().read()

            loop = asyncio.get_running_loop()
            page = await loop.run_in_executor(self.pool, blocking)
            self.idle.append(connection)  # for the next
            return page

    def close(self) -> None:
        for connection in self.idle:
            connection.close()


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


def main() -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        port = server.server_address[1]
        print(f"server: listening on 127.0.0.1:{port}")
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        asyncio.run(fetch_all(port))
        server.shutdown()
    print(f"server: {requests.all} requests over {connections.all} connections")
    print(
        f"server: at once {connections.most} connections, "
        f"{requests.most} requests"
    )


if __name__ == "__main__":
    main()
