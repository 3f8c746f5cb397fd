"""Pipeline: `a | b | c` from three programs, without a shell."""

import signal
import subprocess


def run(commands: list[list[str]]) -> None:
    started: list[subprocess.Popen[str]] = []
    try:
        source = subprocess.DEVNULL
        for command in commands:
            program = subprocess.Popen(
                command, stdin=source, stdout=subprocess.PIPE, text=True
            )
            if started:
                source.close()  # the next one has it
            started.append(program)
            source = program.stdout
        text = source.read(64 * 1024)  # no more than that
        source.close()
        line = " | ".join(" ".join(command) for command in commands)
        print(f'main: {line}: "{" ".join(text.split())}"')
        for command, program in zip(commands, started):
            code = program.wait()
            if code >= 0:
                print(f"main: {command[0]} exited with {code}")
            else:
                name = signal.Signals(-code).name
                print(f"main: {command[0]} died of {name}")
    finally:
        for program in started:
            program.kill()  # without an effect on those that were waited for
            program.wait()


def main() -> None:
    run([["yes"], ["head", "-n", "3"], ["sed", "s/y/no/"]])
    run([["echo", "a;b"], ["grep", "c"], ["cat"]])


if __name__ == "__main__":
    main()
