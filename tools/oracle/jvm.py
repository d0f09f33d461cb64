"""Starting and ending the JVMs of the oracle: class paths, compiled harness, logs, ports, processes by their number."""
import hashlib
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import time

import packages

JAVA_FOLDER = pathlib.Path(__file__).resolve().parent / "java"

# What Flink's own start scripts open to a JDK 17.
MODULE_FLAGS = (
    ["--add-exports=%s=ALL-UNNAMED" % m for m in (
        "java.rmi/sun.rmi.registry", "java.base/sun.net.util", "java.security.jgss/sun.security.krb5",
        "jdk.compiler/com.sun.tools.javac.api", "jdk.compiler/com.sun.tools.javac.file",
        "jdk.compiler/com.sun.tools.javac.parser", "jdk.compiler/com.sun.tools.javac.tree",
        "jdk.compiler/com.sun.tools.javac.util")] +
    ["--add-opens=java.base/%s=ALL-UNNAMED" % m for m in (
        "java.lang", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.lang.reflect", "java.text", "java.time",
        "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "java.util.concurrent.locks")])

LOG4J = """rootLogger.level = {level}
rootLogger.appenderRef.file.ref = File
appender.file.name = File
appender.file.type = FILE
appender.file.append = false
appender.file.fileName = {file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{HH:mm:ss,SSS}} %-5p %-40c{{1.}} %m%n
"""


def class_path(*groups):
    return os.pathsep.join(str(jar) for group in groups for jar in group)


def compile_java(sources, jars, resources=None):
    """Compiles Java files into the cache, once per content, and gives the folder of their classes.

    `resources` maps a path inside the class folder to the text of that file (service declarations).
    """
    sources = [pathlib.Path(source).resolve() for source in sources]
    resources = resources or {}
    digest = hashlib.sha256(repr([source.read_bytes() for source in sources]).encode() + repr(resources).encode())
    target = packages.cache() / "classes" / digest.hexdigest()[:16]
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        packages.call(["javac", "-nowarn", "-proc:none", "-d", str(target), "-cp", class_path(jars)]
                      + [str(source) for source in sources])
        for path, text in resources.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_text(text)
        (target / "complete").touch()
    return target


def compile_harness(jars):
    """The classes of java/: the script runner, the checksum connector and Nexmark's function."""
    return compile_java(sorted(JAVA_FOLDER.glob("*.java")), jars, {
        "META-INF/services/org.apache.flink.table.factories.Factory": "ChecksumConnector\n"})


def log4j_flag(file, level="WARN"):
    """Writes a log4j2 configuration that logs into `file`; gives the JVM flag that names it."""
    config = pathlib.Path(str(file) + ".properties")
    config.write_text(LOG4J.format(level=level, file=file))
    return "-Dlog4j2.configurationFile=file:%s" % config


def free_port():
    """A free loopback port below the kernel's ephemeral range, so that no outgoing connection takes it by chance."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def port_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(what, ready, process, log, seconds=60):
    """Polls until ready() is true; ends the program with the log's tail when the process dies or the time is up."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            tail = pathlib.Path(log).read_text(errors="replace")[-3000:] if os.path.exists(log) else ""
            raise SystemExit("oracle: %s did not start\n%s" % (what, tail))
        time.sleep(0.1)


def start(main, jars, arguments, log, flags=()):
    """Starts a JVM that outlives this program; its output goes to the file `log`."""
    command = ["java", *flags, "-cp", class_path(jars), main, *arguments]
    with open(log, "ab") as out:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)


def alive(pid, mark):
    """Whether `pid` is still the JVM that was started: its command line holds `mark`, and it is no zombie."""
    try:
        return mark in pathlib.Path("/proc/%d/cmdline" % pid).read_text(errors="replace")
    except OSError:
        return False


def stop(pid, mark, seconds=20):
    """Ends that JVM, and nothing else that may have got its number since."""
    end = time.monotonic() + seconds
    if alive(pid, mark):
        os.kill(pid, signal.SIGTERM)
    while alive(pid, mark):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass  # started by an earlier run of this program
        time.sleep(0.1)
