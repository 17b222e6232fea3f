# usage: tee.py LOG -- COMMAND…     runs a server and writes both directions of its conversation to LOG, a line each
import json, subprocess, sys, threading

log = open(sys.argv[1], "ab", buffering=0)
lock = threading.Lock()
server = subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def note(side, line):
    with lock:
        log.write(json.dumps([side, line.decode("utf-8", "replace")]).encode() + b"\n")


def upward():
    try:
        for line in sys.stdin.buffer:
            note("client", line)
            server.stdin.write(line), server.stdin.flush()
    except BrokenPipeError:
        pass
    try:
        server.stdin.close()
    except BrokenPipeError:
        pass


threading.Thread(target=upward, daemon=True).start()
for line in server.stdout:
    note("server", line)
    sys.stdout.buffer.write(line), sys.stdout.buffer.flush()
sys.exit(server.wait())
