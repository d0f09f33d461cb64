"""The public packages that the oracle needs: fetched by pip and mvn, verified by SHA-256, kept in a cache folder.

Cache: $MILLRACE_CACHE (default ~/.cache/millrace), sub-folder "oracle". What a file must hash to is in
packages.lock.json, which is committed; `oracle.py lock` fetches all anew and writes it, after a change of versions.
"""
import glob
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

FLINK_VERSION = "1.20.0"
KAFKA_VERSION = "3.9.0"

# Flink's lib/ folder: the source package on PyPI holds the jars of the binary release.
FLINK_PACKAGE = "apache-flink-libraries==" + FLINK_VERSION
FLINK_ARCHIVE = "apache-flink-libraries-%s.tar.gz" % FLINK_VERSION

# Groups of Maven artifacts, each with everything that it needs at run time.
MAVEN_GROUPS = {
    "kafka-connector": ["org.apache.flink:flink-connector-kafka:3.4.0-1.20"],
    "kafka-broker": ["org.apache.kafka:kafka_2.13:" + KAFKA_VERSION, "org.apache.kafka:kafka-tools:" + KAFKA_VERSION],
}

LOCK_FILE = pathlib.Path(__file__).resolve().parent / "packages.lock.json"


def cache():
    root = os.environ.get("MILLRACE_CACHE") or os.path.expanduser("~/.cache/millrace")
    path = pathlib.Path(root) / "oracle"
    path.mkdir(parents=True, exist_ok=True)
    return path


def say(text):
    print("oracle: " + text, file=sys.stderr, flush=True)


def call(command, **kwargs):
    """Runs a client quietly; its output is shown only when it fails, and then ends the program."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kwargs)
    except FileNotFoundError:
        raise SystemExit("oracle: '%s' is not installed (./dev setup --broker)" % command[0])
    if done.returncode != 0:
        raise SystemExit("oracle: failed: %s\n%s" % (" ".join(command), done.stdout[-3000:]))
    return done.stdout


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def lock():
    return json.loads(LOCK_FILE.read_text()) if LOCK_FILE.exists() else {}


def verify(group, files):
    """Ends the program unless `files` are exactly the files that the lock names for `group`, byte for byte."""
    wanted = lock().get(group)
    if wanted is None:
        if os.environ.get("MILLRACE_ORACLE_LOCKING"):
            return
        raise SystemExit("oracle: %s has no group '%s'" % (LOCK_FILE.name, group))
    seen = {pathlib.Path(file).name: sha256(file) for file in files}
    for name in sorted(set(wanted) | set(seen)):
        if wanted.get(name) != seen.get(name):
            raise SystemExit("oracle: %s/%s: the lock says sha256 %s, the downloaded file is %s"
                             % (group, name, wanted.get(name, "(not listed)"), seen.get(name, "(missing)")))


def fetch_group(group, fetch):
    """Gives the folder of a group; `fetch(folder)` fills it and returns the files to verify. Done once per lock."""
    target = cache() / group
    stamp = target / "verified"
    want = hashlib.sha256(json.dumps(lock().get(group), sort_keys=True).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return target
    with tempfile.TemporaryDirectory(dir=cache(), prefix="fetch.") as work:
        folder = pathlib.Path(work, "files")
        folder.mkdir()
        fetch(folder)
        (folder / "verified").write_text(want)
        shutil.rmtree(target, ignore_errors=True)
        os.rename(folder, target)
    return target


def fetch_flink(folder):
    say("fetching Flink %s from PyPI (232 MB, once)" % FLINK_VERSION)
    with tempfile.TemporaryDirectory(dir=cache(), prefix="fetch.") as work:
        call([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
              "--no-binary", ":all:", "--dest", work, FLINK_PACKAGE])
        archives = glob.glob(work + "/*.tar.gz")
        verify("flink", archives)
        (folder / "archive.sha256").write_text(sha256(archives[0]))
        with tarfile.open(archives[0]) as archive:
            for member in archive.getmembers():
                if member.isfile() and "/deps/lib/" in member.name and member.name.endswith(".jar"):
                    with open(folder / os.path.basename(member.name), "wb") as jar:
                        shutil.copyfileobj(archive.extractfile(member), jar)


def fetch_maven(group):
    artifacts = MAVEN_GROUPS[group]

    def fetch(folder):
        say("fetching %s and what it needs from Maven Central (once)" % ", ".join(artifacts))
        dependencies = "".join(
            "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
            % tuple(artifact.split(":")) for artifact in artifacts)
        with tempfile.TemporaryDirectory() as work:
            pathlib.Path(work, "pom.xml").write_text(
                "<project><modelVersion>4.0.0</modelVersion><groupId>m</groupId><artifactId>m</artifactId>"
                "<version>1</version><dependencies>%s</dependencies></project>" % dependencies)
            call(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime",
                  "-DoutputDirectory=%s" % folder], cwd=work)
        verify(group, folder.glob("*.jar"))

    return fetch


def flink_jars():
    return sorted(fetch_group("flink", fetch_flink).glob("*.jar"))


def maven_jars(group):
    return sorted(fetch_group(group, fetch_maven(group)).glob("*.jar"))


def write_lock():
    """Fetches everything without a check and writes the lock: for the one who changes a version, and has looked."""
    LOCK_FILE.unlink(missing_ok=True)
    os.environ["MILLRACE_ORACLE_LOCKING"] = "1"
    for group in ["flink", *MAVEN_GROUPS]:
        shutil.rmtree(cache() / group, ignore_errors=True)
    flink_jars()
    entries = {"flink": {FLINK_ARCHIVE: (cache() / "flink" / "archive.sha256").read_text()}}
    for group in MAVEN_GROUPS:
        entries[group] = {jar.name: sha256(jar) for jar in maven_jars(group)}
    LOCK_FILE.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n")
    for group, files in entries.items():  # what was just hashed need not be fetched again
        digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        (cache() / group / "verified").write_text(digest)
    say("wrote %s" % LOCK_FILE.name)


def ensure_all():
    flink_jars()
    for group in MAVEN_GROUPS:
        maven_jars(group)
