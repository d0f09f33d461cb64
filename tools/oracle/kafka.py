#!/usr/bin/env python3
"""A real Kafka broker (3.9, KRaft, one node) on loopback. See README.md.

  kafka.py up [--port P] [--sasl-user NAME --sasl-password WORD] [--set k=v ...]   prints the addresses as JSON
  kafka.py down | status
  kafka.py create TOPIC [--partitions N] [--config k=v ...]
  kafka.py produce TOPIC [FILE ...] [--key-separator S]    one record a line, from files or standard input
  kafka.py produce TOPIC --per-partition FILE ...          the n-th file goes to partition n, in order
  kafka.py consume TOPIC [--max N] [--idle-ms MS] [--keys] [--uncommitted]
  kafka.py count TOPIC                                     committed records, and end offsets per partition
"""
import argparse
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import uuid

import jvm
import packages

TOOL_FLAGS = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]

LOG4J1 = """log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.Target=System.err
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d{HH:mm:ss,SSS} %p %c{1} %m%n
"""


def state_file():
    return packages.cache() / "kafka.json"


def state():
    """The running broker's addresses, process number and folder; ends the program when there is none."""
    if not state_file().exists():
        raise SystemExit("oracle: no broker runs: kafka.py up")
    return json.loads(state_file().read_text())


def broker_settings(folder, port, controller_port):
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": "1@127.0.0.1:%d" % controller_port,
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
        "log.dirs": folder + "/data",
        # one node: what is replicated three times by default cannot be
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "group.initial.rebalance.delay.ms": "0",
        "num.partitions": "1",
        "listeners": "PLAINTEXT://127.0.0.1:%d" % port,
    }


def up(port=None, sasl_user=None, sasl_password=None, extra=()):
    """Starts the broker unless it runs already; gives its state."""
    if state_file().exists():
        running = state()
        if jvm.alive(running["pid"], running["folder"]):
            return running
    began = time.monotonic()
    jars = packages.maven_jars("kafka-broker")
    folder = tempfile.mkdtemp(prefix="millrace-kafka.")
    port, controller_port = port or jvm.free_port(), jvm.free_port()
    settings = broker_settings(folder, port, controller_port)
    result = {"bootstrap": "127.0.0.1:%d" % port, "folder": folder}
    if sasl_user:
        sasl_port = jvm.free_port()
        settings["listeners"] += ",SASL_PLAINTEXT://127.0.0.1:%d" % sasl_port
        settings["sasl.enabled.mechanisms"] = "PLAIN"
        settings["listener.name.sasl_plaintext.plain.sasl.jaas.config"] = (
            "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
            % (sasl_user, sasl_password))
        result["sasl_bootstrap"] = "127.0.0.1:%d" % sasl_port
    settings["advertised.listeners"] = settings["listeners"]
    settings["listeners"] += ",CONTROLLER://127.0.0.1:%d" % controller_port
    settings.update(pair.split("=", 1) for pair in extra)
    properties, log = folder + "/server.properties", folder + "/broker.log"
    pathlib.Path(properties).write_text("".join("%s=%s\n" % pair for pair in settings.items()))
    pathlib.Path(folder, "log4j.properties").write_text(LOG4J1)
    logging = "-Dlog4j.configuration=file:%s/log4j.properties" % folder
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
    packages.call(["java", *TOOL_FLAGS, logging, "-cp", jvm.class_path(jars), "kafka.tools.StorageTool", "format",
                   "--cluster-id", cluster_id, "--config", properties])
    process = jvm.start("kafka.Kafka", jars, [properties], log, ["-Xms256m", "-Xmx1g", "-XX:+UseG1GC", logging])
    jvm.wait_until("the Kafka broker", lambda: jvm.port_open(port), process, log)
    result.update(pid=process.pid, start_s=round(time.monotonic() - began, 1))
    state_file().write_text(json.dumps(result))
    return result


def down():
    if not state_file().exists():
        return
    running = state()
    jvm.stop(running["pid"], running["folder"])
    shutil.rmtree(running["folder"], ignore_errors=True)
    state_file().unlink()


def tool(main, *arguments, **kwargs):
    """Runs one of Kafka's own command-line classes against the running broker."""
    running = state()
    logging = "-Dlog4j.configuration=file:%s/log4j.properties" % running["folder"]
    jars = jvm.class_path(packages.maven_jars("kafka-broker"))
    return subprocess.run(["java", *TOOL_FLAGS, logging, "-cp", jars, main, "--bootstrap-server", running["bootstrap"],
                           *arguments], **kwargs)


def must(done):
    if done.returncode != 0:
        raise SystemExit("oracle: Kafka's tool failed\n%s" % (done.stderr or ""))
    return done


def create(topic, partitions=1, config=()):
    extra = [part for pair in config for part in ("--config", pair)]
    must(tool("org.apache.kafka.tools.TopicCommand", "--create", "--if-not-exists", "--topic", topic,
              "--partitions", str(partitions), "--replication-factor", "1", *extra, stdout=subprocess.DEVNULL))


def produce(topic, source, key_separator=None):
    """Sends each line of the open file `source` as a record; partitions by key, or in sticky batches without one."""
    extra = ["--property", "parse.key=true", "--property", "key.separator=" + key_separator] if key_separator else []
    must(tool("kafka.tools.ConsoleProducer", "--topic", topic, "--batch-size", "262144", "--timeout", "5",
              "--request-required-acks", "all", *extra, stdin=source, stdout=subprocess.DEVNULL))


def own_tool(name, *arguments, **kwargs):
    """Runs one of the programs of kafka_java/; its first argument is the broker's address."""
    jars = packages.maven_jars("kafka-broker")
    classes = jvm.compile_java([jvm.JAVA_FOLDER.parent / "kafka_java" / (name + ".java")], jars)
    running = state()
    logging = "-Dlog4j.configuration=file:%s/log4j.properties" % running["folder"]
    return must(subprocess.run(["java", *TOOL_FLAGS, logging, "-cp", jvm.class_path([classes], jars), name,
                                running["bootstrap"], *map(str, arguments)], **kwargs))


def produce_per_partition(topic, files):
    """Sends the n-th file's lines to partition n, in their order."""
    own_tool("PartitionProducer", topic, *files)


def put_records(topic, records):
    """Sends whole records: dicts with partition, key, value, timestamp, headers (see RecordTool.java)."""
    own_tool("RecordTool", "put", topic, input="".join(json.dumps(record) + "\n" for record in records).encode())


def get_records(topic):
    """All committed records of a topic, as dicts."""
    done = own_tool("RecordTool", "get", topic, stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def commit_offset(topic, group, partition, offset):
    own_tool("RecordTool", "commit", topic, group, partition, offset)


def consume(topic, maximum=None, idle_ms=3000, keys=False, uncommitted=False):
    """Gives the topic's records from the beginning, as lines of text.

    Ends when none came for `idle_ms`: a slow machine may then have given fewer than there are. Whoever knows how many
    there are says `maximum` and a generous idle_ms."""
    extra = ["--property", "print.key=true"] * keys + (["--max-messages", str(maximum)] if maximum else [])
    done = tool("org.apache.kafka.tools.consumer.ConsoleConsumer", "--topic", topic, "--from-beginning",
                "--timeout-ms", str(idle_ms), "--isolation-level",
                "read_uncommitted" if uncommitted else "read_committed", *extra,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # no record for idle_ms ends the tool with a logged TimeoutException: its normal end here
    if done.returncode != 0 and b"TimeoutException" not in done.stderr:
        raise SystemExit("oracle: consume failed\n" + done.stderr.decode(errors="replace"))
    return done.stdout.decode().splitlines()


def end_offsets(topic):
    """Partition → end offset (commit markers of transactions take one each)."""
    ends = must(tool("org.apache.kafka.tools.GetOffsetShell", "--topic", topic, stdout=subprocess.PIPE, text=True))
    return {int(line.rsplit(":", 2)[1]): int(line.rsplit(":", 2)[2]) for line in ends.stdout.split()}


def parser():
    p = argparse.ArgumentParser(prog="kafka.py", description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = p.add_subparsers(dest="command", required=True)
    c = commands.add_parser("up")
    c.add_argument("--port", type=int)
    c.add_argument("--sasl-user")
    c.add_argument("--sasl-password")
    c.add_argument("--set", nargs="+", action="extend", default=[], metavar="K=V", help="broker settings")
    commands.add_parser("down")
    commands.add_parser("status")
    c = commands.add_parser("create")
    c.add_argument("topic")
    c.add_argument("--partitions", type=int, default=1)
    c.add_argument("--config", nargs="+", action="extend", default=[])
    c = commands.add_parser("produce")
    c.add_argument("topic")
    c.add_argument("files", nargs="*")
    c.add_argument("--key-separator")
    c.add_argument("--per-partition", action="store_true")
    c = commands.add_parser("consume")
    c.add_argument("topic")
    c.add_argument("--idle-ms", type=int, default=3000, help="end when nothing came for so long")
    c.add_argument("--max", type=int)
    c.add_argument("--keys", action="store_true")
    c.add_argument("--uncommitted", action="store_true")
    c = commands.add_parser("count")
    c.add_argument("topic")
    return p


def main(argv=None):
    a = parser().parse_args(argv)
    if a.command == "up":
        print(json.dumps(up(a.port, a.sasl_user, a.sasl_password, a.set)))
    elif a.command == "down":
        down()
    elif a.command == "status":
        running = state()
        print(json.dumps(dict(running, alive=jvm.alive(running["pid"], running["folder"]))))
    elif a.command == "create":
        create(a.topic, a.partitions, a.config)
    elif a.command == "produce" and a.per_partition:
        produce_per_partition(a.topic, a.files)
    elif a.command == "produce":
        for file in a.files or ["-"]:
            with (sys.stdin.buffer if file == "-" else open(file, "rb")) as source:
                produce(a.topic, source, a.key_separator)
    elif a.command == "consume":
        for line in consume(a.topic, a.max, a.idle_ms, a.keys, a.uncommitted):
            print(line)
    elif a.command == "count":
        print(json.dumps({"topic": a.topic, "committed": len(consume(a.topic)), "end_offsets": end_offsets(a.topic)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
