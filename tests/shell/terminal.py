"""A program on a pseudo-terminal: type, and wait for what it shows."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    SECONDS_MAX = 30

    def __init__(self, command, environment, rows=24, columns=100):
        self.seen = ""  # what has come since the last wait, without escape sequences
        self.raw = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, environment)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.file, text.encode())

    def interrupt(self):
        self.type("\x03")

    def _read(self, seconds):
        """True when something came, False at the end."""
        ready, _, _ = select.select([self.file], [], [], seconds)
        if not ready:
            raise TimeoutError
        try:
            data = os.read(self.file, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # EIO: the program has left the terminal
                raise
            data = b""
        text = data.decode(errors="replace")
        self.raw += text
        self.seen += ESCAPES.sub("", text)
        return bool(data)

    def expect(self, text):
        """Waits for a text; returns what came up to its end and forgets it."""
        until = time.monotonic() + self.SECONDS_MAX
        while text not in self.seen:
            left = until - time.monotonic()
            try:
                more = left > 0 and self._read(left)
            except TimeoutError:
                more = False
            if not more:
                raise AssertionError(f"waited for {text!r}, but there was only:\n{self.seen[-2000:]}")
        end = self.seen.index(text) + len(text)
        taken, self.seen = self.seen[:end], self.seen[end:]
        return taken

    def end(self):
        """Waits until the program has ended; its exit code."""
        until = time.monotonic() + self.SECONDS_MAX
        try:
            while self._read(max(0.1, until - time.monotonic())):
                pass
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            raise AssertionError(f"the program did not end:\n{self.seen[-2000:]}") from None
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.file)
