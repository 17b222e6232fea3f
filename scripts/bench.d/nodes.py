# usage: from nodes import Node, pair     nodes of Kith on this machine, each with a home of its own
import json, os, socket, statistics, subprocess, time

from race import BIN, FAREWELLS, Outcome, cpu, folder, give_up, run, start, wait_until

KITH, KITHD = (os.path.abspath(os.path.join(BIN, name)) for name in ("kith", "kithd"))
HOME = folder(parent="/dev/shm" if os.path.isdir("/dev/shm") else None)  # commands run and files arrive here
os.environ["HOME"] = HOME


class Node:
    """A node with an identity; `start` and `stop` it as often as you like. `on` leads to another host: it discovers."""

    def __init__(self, name, on=()):
        self.name, self.folder, self.process, self.on = name, folder(), None, list(on)
        self.environment = {**os.environ, "KITH_HOME": self.folder}
        host, discovery = ("0.0.0.0", "true") if on else ("127.0.0.1", "false")
        with open(f"{self.folder}/config.yaml", "w") as file:
            file.write(f"name: {name}\nlisten:\n  host: {host}\n  port: {free_port()}\ndiscovery: {discovery}\n")
        self.kith("init")
        FAREWELLS.append(self.stop)

    def start(self):
        self.spawn()
        wait_until(self.answers, f"{self.name} answers")

    def spawn(self):
        self.process = start(self.on + [KITHD, "run"], self.environment, f"{self.folder}/daemon.log")

    def stop(self):
        if self.process:
            self.kith("stop", expect=None)
            os.waitpid(self.process, 0)
            self.process = None

    def kith(self, *words, output=os.devnull, expect=0):
        return run([KITH, *words], self.environment, output, expect)

    def ask(self, name, body=None):
        """The answer to a capability, straight from the Unix socket; None if nobody answers there."""
        content = json.dumps(body or {}).encode()
        head = f"POST /v1/{name} HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        try:
            with socket.socket(socket.AF_UNIX) as door:
                door.connect(f"{self.folder}/run/kith.sock")
                door.sendall(head.encode() + content)
                return read_answer(door)
        except (FileNotFoundError, ConnectionError):
            return None

    def answers(self):
        return self.ask("node/ping") is not None

    def peer(self, name):
        """What this node's list says about another; None if it is not in it."""
        peers = (self.ask("peer/list") or {}).get("peers", [])
        return next((peer for peer in peers if peer["name"] == name), None)

    def sees_online(self, name):
        peer = self.peer(name)
        return peer is not None and peer["status"] == "online"


class Session:
    """A connection to a node's socket that is held, as a program's with a client of ours: one question after another."""

    def __init__(self, node):
        self.door = socket.socket(socket.AF_UNIX)
        self.door.connect(f"{node.folder}/run/kith.sock")

    def ask(self, name, body):
        content = json.dumps(body).encode()
        head = f"POST /v1/{name} HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self.door.sendall(head.encode() + content)
        return read_answer(self.door)

    def runs(self, command, count, peer="studio"):
        """The median of `count` runs on a peer, and the mean CPU of one, ours and the daemons'."""
        times, before, own = [], cpu("kithd"), time.process_time()
        for _ in range(count):
            begun = time.perf_counter()
            answer = self.ask(f"peers/{peer}/exec/run", {"command": command})
            times.append(time.perf_counter() - begun)
            if answer["exitCode"]:
                give_up(f"{command} ended with {answer['exitCode']}")
        spent = time.process_time() - own + cpu("kithd") - before
        return Outcome(statistics.median(times), spent / count, 0)


def read_answer(door):
    data = b""
    while b"\r\n\r\n" not in data:
        data += door.recv(65536) or lost()
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        give_up(f"the daemon refused: {body.decode()}")
    length = next(int(field.split(b":")[1]) for field in head.split(b"\r\n") if field.lower().startswith(b"content-length"))
    while len(body) < length:
        body += door.recv(65536) or lost()
    return json.loads(body)


def lost():
    raise ConnectionError("the daemon closed the connection")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def pair(inviter, joiner):
    """Pairs two running nodes by a one-time string, each giving the other the grants of `mine`."""
    words, pipe = [KITH, "pair", "--grant", "mine"], subprocess.PIPE
    inviting = subprocess.Popen(words + ["--string"], env=inviter.environment, stdout=pipe, stderr=pipe)
    joining = subprocess.Popen(words + ["--accept", "-"], env=joiner.environment, stdin=inviting.stdout, stdout=pipe, stderr=pipe)
    said = joining.communicate()[1] + inviting.communicate()[1]
    if joining.returncode or inviting.returncode:
        give_up(f"pairing failed: {said.decode()}")


def mesh():
    """Two paired nodes that see each other online."""
    laptop, studio = Node("laptop"), Node("studio")
    laptop.start(), studio.start()
    pair(studio, laptop)
    wait_until(lambda: laptop.sees_online("studio") and studio.sees_online("laptop"), "both are online", pause=0.02)
    return laptop, studio
