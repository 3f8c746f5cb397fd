"""Runs a sibling so that each line leaves it as soon as it is whole.

    python linewise.py SIBLING

Into a pipe Python writes block by block, and who watches the pipe sees neither
when a line was printed nor by whom. The sibling runs as `__main__`, as if it had
been started itself. What `multiprocessing` starts anew (spawn, forkserver) imports
the `__main__` of its parent, by name: by the name of this module, so that it comes
by here too.
"""

import sys
from posix import environ, putenv  # as `os` has them, without its 3 ms


def whole_lines(stdout):
    """Standard output of which each line is one write, by its own thread.

    A line-buffered `TextIOWrapper` is shared by all threads: the one that flushes
    may carry another's line, or a part of it.
    """
    from _io import TextIOWrapper
    from _thread import _local
    from posix import write

    class Lines(TextIOWrapper):
        def write(self, text):
            if not self.line_buffering:
                return super().write(text)
            lines, newline, kept = (begun() + text).rpartition("\n")
            self.begun.text = kept
            if newline:
                send(lines + newline)
            return len(text)

        def flush(self):
            super().flush()
            text = begun()
            self.begun.text = ""
            if text:
                send(text)

    def begun():
        return getattr(lines.begun, "text", "")

    def send(text):
        # What other code has put into the buffer comes first.
        lines.buffer.flush()
        rest = text.encode(lines.encoding, lines.errors)
        while rest:
            rest = rest[write(lines.fileno(), rest) :]

    encoding, errors = stdout.encoding, stdout.errors
    lines = Lines(stdout.detach(), encoding, errors, line_buffering=True)
    lines.mode = "w"
    lines.begun = _local()
    return lines


def sibling() -> str:
    """Prepares for the sibling; gives its path."""
    sys.stdout = sys.__stdout__ = whole_lines(sys.stdout)
    if __name__ == "__main__":
        # Both are handed on to new processes, which find this module so.
        environ[b"LINEWISE"] = sys.argv[1].encode(errors="surrogateescape")
        putenv(b"LINEWISE", environ[b"LINEWISE"])
        sys.path.append(__file__.rpartition("/")[0])
        del sys.argv[0]
    else:
        path = environ[b"LINEWISE"].decode(errors="surrogateescape")
        sys.argv[0] = path

    def tell(kind, error, trace, told=sys.excepthook):
        # The outermost frame is this module's.
        trace = trace and trace.tb_next
        told(kind, error.with_traceback(trace), trace)

    sys.excepthook = tell
    return sys.argv[0]


def prepared(path: str):
    """The sibling's code; from here on this module looks like the sibling."""
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    names = globals()
    spec = type(sys.__spec__)("linewise", None)
    for name in names.keys() - {"__name__", "__builtins__", "__loader__"}:
        del names[name]
    names.update(__file__=path, __spec__=spec, __doc__=None)
    names.update(__package__=None, __cached__=None)
    return code


exec(prepared(sibling()))
