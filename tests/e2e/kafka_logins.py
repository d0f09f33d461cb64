#!/usr/bin/env python3
"""Exactly-once sinks at a broker that wants encryption and logins: SSL, SASL with PLAIN and SCRAM, both together.

  kafka_logins.py       ends with "N passed, N failed"

Transactions are ended by a client of our own, so each way in is tried with a job that writes and commits; wrong
passwords and unknown certificates are refused.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "oracle"))
import broker_test  # noqa: E402
import jvm  # noqa: E402
import kafka  # noqa: E402

SECONDS_MAX = 60
LISTENERS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
USER, PASSWORD = "alice", "correct-horse-battery"
MODULES = "org.apache.kafka.common.security."

SCRIPT = """
CREATE TABLE source (n BIGINT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1',
  'fields.n.end' = '3');
CREATE TABLE target (n BIGINT) WITH ('connector' = 'kafka', 'topic' = '{topic}', 'format' = 'json',
  'properties.bootstrap.servers' = '{address}', 'properties.transaction.timeout.ms' = '60000',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = '{topic}', {options});
INSERT INTO target SELECT n FROM source;
"""


def make_certificate(folder, name, address):
    """A key with a certificate that it has signed itself, in one PEM file, and the certificate alone."""
    key, certificate, both = (folder / f"{name}.{part}.pem" for part in ("key", "crt", "both"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName={address}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    return certificate, both


def broker_settings(folder, ports, controller):
    """For tools/oracle/kafka.py: all kinds of listeners; the one with SSL alone asks for the client's certificate."""
    _, both = make_certificate(folder, "broker", "IP:127.0.0.1")
    client, _ = make_certificate(folder, "client", "DNS:client")
    public = ",".join(f"{name}://127.0.0.1:{ports[name]}" for name in LISTENERS)
    settings = {
        "listeners": f"{public},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": public,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listener.security.protocol.map": ",".join(["CONTROLLER:PLAINTEXT"] + [f"{name}:{name}" for name in LISTENERS]),
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "ssl.keystore.type": "PEM", "ssl.keystore.location": both,
        "ssl.truststore.type": "PEM", "ssl.truststore.location": client,
        "listener.name.ssl.ssl.client.auth": "required",
    }
    for listener in ("sasl_plaintext", "sasl_ssl"):
        login = f'{MODULES}plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
        settings[f"listener.name.{listener}.plain.sasl.jaas.config"] = login
        for mechanism in ("scram-sha-256", "scram-sha-512"):
            login = f"{MODULES}scram.ScramLoginModule required;"
            settings[f"listener.name.{listener}.{mechanism}.sasl.jaas.config"] = login
    return [f"{name}={value}" for name, value in settings.items()]


def login(mechanism, password=PASSWORD):
    module = "plain.PlainLoginModule" if mechanism == "PLAIN" else "scram.ScramLoginModule"
    return {"sasl.mechanism": mechanism,
            "sasl.jaas.config": f'{MODULES}{module} required username="{USER}" password="{password}";'}


def ways_in(folder):
    """What is tried, the listener, the properties, and what the refusal says (None: it works)."""
    trust = {"ssl.truststore.type": "PEM", "ssl.truststore.location": folder / "broker.crt.pem"}
    foreign = dict(trust, **{"ssl.truststore.location": folder / "client.crt.pem"})
    own = {"ssl.keystore.type": "PEM", "ssl.keystore.location": folder / "client.both.pem"}
    yield "SSL with a certificate of one's own", "SSL", dict(trust, **own), None
    for mechanism in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"):
        yield f"{mechanism} in the clear", "SASL_PLAINTEXT", login(mechanism), None
        yield f"{mechanism}, encrypted", "SASL_SSL", dict(trust, **login(mechanism)), None
        yield f"{mechanism} with a wrong password", "SASL_PLAINTEXT", login(mechanism, "wrong"), "uthentication failed"
    yield "a broker's certificate that nobody trusts", "SASL_SSL", dict(foreign, **login("PLAIN")), "ertificate"


def try_way(a, checks, folder, topic, address, way):
    what, listener, properties, refusal = way
    options = ", ".join(f"'properties.{name}' = '{value}'"
                        for name, value in dict(properties, **{"security.protocol": listener}).items())
    (folder / "job.sql").write_text(SCRIPT.format(topic=topic, address=address, options=options), encoding="utf-8")
    done = subprocess.run([str(a.millrace), "run", "job.sql"], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS_MAX, text=True, check=False)
    if refusal is not None:
        secret_kept = PASSWORD not in done.stdout
        checks.check(what + " is refused", done.returncode != 0 and refusal in done.stdout and secret_kept, done.stdout)
        return
    rows = [json.loads(record["value"])["n"] for record in kafka.get_records(topic)]
    checks.check(what, done.returncode == 0 and sorted(rows) == [1, 2, 3], f"{done.stdout}\n{rows}")


def run(a, checks, folder):
    ports = {name: jvm.free_port() for name in LISTENERS}
    kafka.up(port=ports["PLAINTEXT"], extra=broker_settings(folder, ports, jvm.free_port()))
    users = [f"{mechanism}=[password={PASSWORD}]" for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")]
    for user in users:
        kafka.must(kafka.tool("kafka.admin.ConfigCommand", "--alter", "--add-config", user,
                              "--entity-type", "users", "--entity-name", USER, stdout=subprocess.DEVNULL))
    for number, way in enumerate(ways_in(folder)):
        topic = "logins-%d-%d" % (number, time.time_ns())
        kafka.create(topic)
        try_way(a, checks, folder, topic, f"127.0.0.1:{ports[way[1]]}", way)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--millrace", type=pathlib.Path, default=broker_test.MILLRACE)
    a = p.parse_args()
    a.millrace = a.millrace.resolve()
    return broker_test.main("kafka_logins", lambda checks, folder: run(a, checks, folder), a.millrace,
                            (*broker_test.TOOLS, "openssl"), own_broker=True)


if __name__ == "__main__":
    sys.exit(main())
