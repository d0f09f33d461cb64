"""Asks a Kafka broker which transactions there are: one request of its protocol, far quicker than Kafka's own tool."""
import socket
import struct

LIST_TRANSACTIONS = 66  # version 0, since Kafka 3.0
INIT_PRODUCER_ID = 22  # version 0
# Transactions that are neither committed nor aborted yet: readers of committed records wait for them.
OPEN_STATES = ("Ongoing", "PrepareCommit", "PrepareAbort")


class Answer:
    """Reads the fields of an answer one by one."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        self.at += size
        assert self.at <= len(self.data), "the broker's answer is cut short"
        return self.data[self.at - size:self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self):
        return self.take(self.varint() - 1).decode()

    def skip_tags(self):
        for _ in range(self.varint()):
            self.varint()
            self.take(self.varint())


def receive(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        assert part, "the broker closed the connection"
        data += part
    return data


def ask(bootstrap, api, body):
    """The answer behind the number of its request."""
    host, port = bootstrap.rsplit(":", 1)
    client = b"crash-test"
    request = struct.pack(">hhih", api, 0, 1, len(client)) + client + body
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        answer = Answer(receive(connection, struct.unpack(">i", receive(connection, 4))[0]))
    answer.number("i")
    return answer


def take_over(bootstrap, transactional_id):
    """Gives the id another producer, as a job with the same prefix would, on a cluster of one broker."""
    name = transactional_id.encode()
    body = struct.pack(">h", len(name)) + name + struct.pack(">i", 60_000)
    while True:
        answer = ask(bootstrap, INIT_PRODUCER_ID, body)
        answer.number("i")  # throttled
        error = answer.number("h")
        if error != 51:  # another change of it is not finished yet
            assert error == 0, f"the broker answers InitProducerId with error {error}"
            return answer.number("q"), answer.number("h")


def states(bootstrap, prefix):
    """Transactional id → state, of all ids that begin with `prefix` and that the broker still remembers."""
    # no tags of the header; then: all states, all producers, no tags
    answer = ask(bootstrap, LIST_TRANSACTIONS, b"\0" + b"\x01\x01\0")
    answer.skip_tags()
    answer.number("i")  # throttled
    error = answer.number("h")
    assert error == 0, f"the broker answers ListTransactions with error {error}"
    for _ in range(answer.varint() - 1):
        answer.text()
    found = {}
    for _ in range(answer.varint() - 1):
        name = answer.text()
        answer.number("q")
        found[name] = answer.text()
        answer.skip_tags()
    return {name: state for name, state in found.items() if name.startswith(prefix)}


def still_open(bootstrap, prefix):
    """The ids below `prefix` whose transaction is neither committed nor aborted."""
    return sorted(name for name, state in states(bootstrap, prefix).items() if state in OPEN_STATES)
