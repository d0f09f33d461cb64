#!/usr/bin/env python3
"""The oracle: real Apache Flink 1.20 and a real Kafka broker, on loopback. `./dev oracle COMMAND`:

  up [--sasl-user U --sasl-password W]   fetch what is missing (once, verified), start the broker, print its address
  down                                   end the broker
  run FILE.sql ... [options]             run scripts in real Flink; rows with kinds, types and timings as NDJSON
  kafka COMMAND ...                      create, produce, consume, count, status
  goldens [TOPIC[/NAME] ...]             make tests/goldens/*/*.expected.ndjson anew (--check: only compare)
  check                                  prove on this machine that all of it works (1 minute)
  lock                                   write packages.lock.json anew, after a change of versions
"""
import sys

COMMANDS = ("up", "down", "run", "kafka", "goldens", "check", "lock")


def main(argv):
    if not argv or argv[0] in ("-h", "--help") or argv[0] not in COMMANDS:
        print(__doc__.strip())
        return 0 if not argv or argv[0] in ("-h", "--help") else 2
    command, rest = argv[0], argv[1:]
    if command == "run":
        import flink_run
        return flink_run.main(rest)
    if command in ("up", "down"):
        import kafka
        import packages
        if command == "up":
            packages.ensure_all()
        return kafka.main([command] + rest)
    if command == "kafka":
        import kafka
        return kafka.main(rest)
    if command == "goldens":
        import make_goldens
        return make_goldens.main(rest)
    if command == "check":
        import check
        return check.main()
    import packages
    packages.write_lock()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
