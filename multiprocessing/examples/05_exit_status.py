"""Exit status: how a process ended, and who did not notice."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")


class Tab(context.Process):
    def __init__(self, name: str, work: Callable[..., None], *args) -> None:
        # A daemon is ended and waited for when the program ends.
        super().__init__(name=name, target=work, args=args, daemon=True)
        self.start()

    def wait(self) -> None:
        self.join()
        if self.exitcode >= 0:
            print(f"main: {self.name} exited with {self.exitcode}")
        else:
            name = signal.Signals(-self.exitcode).name
            print(f"main: {self.name} died of {name}")


def chat(keyboard: Connection, typed: Connection) -> None:
    typed.close()  # the end of file comes when main alone lets go
    try:
        while True:
            print(f'chat: got "{keyboard.recv()}"')
    except EOFError:
        print("chat: closed")


def news() -> None:
    print("news: loaded")


def mail() -> None:
    print("mail: no connection")
    sys.exit(3)


def shop() -> None:
    print("shop: failing")
    raise LookupError("an error that nobody catches")


def maps() -> None:
    print("maps: crashing")
    os.abort()


def video() -> None:
    signal.pause()  # until a signal comes


def main() -> None:
    # A crash must leave no core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Tab("news", news).wait()
    keyboard, typed = context.Pipe(duplex=False)
    chat_tab = Tab("chat", chat, keyboard, typed)
    Tab("mail", mail).wait()
    Tab("shop", shop).wait()
    Tab("maps", maps).wait()
    video_tab = Tab("video", video)
    video_tab.kill()
    video_tab.wait()
    typed.send("are you there?")
    typed.close()
    chat_tab.wait()


if __name__ == "__main__":
    main()
