"""A server: `FILE FORM` tells its port and serves until it is killed."""

import asyncio
import sys

from cores import spread


def tell(address):
    print(address[1], flush=True)


async def serve(server):
    tell(server.sockets[0].getsockname())
    await server.serve_forever()


async def streams(answer):
    await serve(await asyncio.start_server(answer, "127.0.0.1", 0))


def uvloop(main):
    try:
        import uvloop
    except ImportError:
        print("skip uvloop is not installed", flush=True)
    else:
        uvloop.run(main())


def threads(server, handler):
    """A thread for each connection, by a server class of the standard library."""
    server.daemon_threads = True
    server.request_queue_size = 500
    with server(("127.0.0.1", 0), handler) as made:
        tell(made.server_address)
        made.serve_forever()


def main(**forms):
    spread(1)
    forms[sys.argv[1]]()
