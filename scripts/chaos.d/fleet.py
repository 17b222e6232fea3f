# usage: from fleet import Fleet     three nodes of Kith in network namespaces of their own, and what can befall them
import json, os, shutil, signal, socket, subprocess, tempfile, time

BIN = os.environ["KITH_BIN"]
os.environ["PATH"] += ":/usr/sbin:/sbin"


class Refused(Exception):
    """The node answered with an error; its code."""


class Lost(Exception):
    """No answer: the node may have done it, or not."""


class Node:
    def __init__(self, fleet, number):
        self.fleet, self.number, self.name = fleet, number, f"h{number}"
        self.folder, self.process = f"{fleet.folder}/{self.name}", None
        self.inside = ["ip", "netns", "exec", f"{fleet.set}-{self.name}"] if fleet.has_network else []
        os.mkdir(self.folder, 0o700)
        host, port = (f"10.78.0.{number}", 5484) if fleet.has_network else ("127.0.0.1", free_port())
        with open(f"{self.folder}/config.yaml", "w") as file:
            file.write(f"name: {self.name}\nlisten:\n  host: {host}\n  port: {port}\ndiscovery: false\n")
        self.environment = {**os.environ, "KITH_HOME": self.folder, "HOME": self.folder}
        self.kith("init")

    def kith(self, *words):
        return subprocess.run([f"{BIN}/kith", *words], env=self.environment, capture_output=True, check=True)

    def start(self):
        with open(f"{self.folder}/daemon.log", "a") as log:
            self.process = subprocess.Popen(self.inside + [f"{BIN}/kithd", "run"], env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.ask("node/ping")
            except (Lost, Refused):
                if time.monotonic() > deadline:
                    raise SystemExit(f"chaos: {self.name} does not start; see {self.folder}/daemon.log")
                time.sleep(0.02)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def ask(self, name, seconds=10, **body):
        """The answer to a capability, straight from the Unix socket."""
        content = json.dumps(body).encode()
        head = f"POST /v1/{name} HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        try:
            with socket.socket(socket.AF_UNIX) as door:
                door.settimeout(seconds)
                door.connect(f"{self.folder}/run/kith.sock")
                door.sendall(head.encode() + content)
                status, answer = read_answer(door)
        except OSError as error:
            raise Lost(str(error))
        if status == 200:
            return answer
        code = answer["error"]["code"]
        if code in ("unavailable", "internal", "cancelled", "timed_out", "peer.offline", "peer.not_paired", "protocol"):
            raise Lost(code)
        raise Refused(code)


class Fleet:
    """Three nodes, each paired with each; `with` starts and removes them."""

    def __init__(self):
        self.set, self.folder = f"chaos{os.getpid()}", tempfile.mkdtemp(prefix="kith-chaos.")
        self.has_network = os.getuid() == 0 and subprocess.run(["unshare", "--net", "true"]).returncode == 0
        self.nodes = []

    def __enter__(self):
        try:
            if self.has_network:
                self.lay_wires()
            self.nodes = [Node(self, number) for number in (1, 2, 3)]
            for node in self.nodes:
                node.start()
            for one, other in ((0, 1), (1, 2), (2, 0)):
                pair(self.nodes[one], self.nodes[other])
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        if self.has_network:
            for name in ("wire", "h1", "h2", "h3"):
                subprocess.run(["ip", "netns", "del", f"{self.set}-{name}"], stderr=subprocess.DEVNULL)
        if not os.environ.get("KITH_CHAOS_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def lay_wires(self):
        wire = f"{self.set}-wire"
        ip("netns", "add", wire)
        ip("-n", wire, "link", "add", "bridge", "type", "bridge")
        ip("-n", wire, "link", "set", "bridge", "up")
        for number in (1, 2, 3):
            host, space = f"h{number}", f"{self.set}-h{number}"
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
            ip("-n", wire, "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("-n", wire, "link", "set", host, "master", "bridge", "up")
            ip("-n", space, "addr", "add", f"10.78.0.{number}/24", "dev", "eth0")
            ip("-n", space, "link", "set", "eth0", "up")

    def cut(self, node):
        ip("-n", f"{self.set}-wire", "link", "set", node.name, "down")

    def heal(self, node):
        ip("-n", f"{self.set}-wire", "link", "set", node.name, "up")


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def read_answer(door):
    data = b""
    while b"\r\n\r\n" not in data:
        data += door.recv(65536) or gone()
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += door.recv(65536) or gone()
    return int(lines[0].split()[1]), json.loads(body)


def gone():
    raise ConnectionError("the daemon closed the connection")


def pair(inviter, joiner):
    words, pipe = [f"{BIN}/kith", "pair", "--grant", "mine"], subprocess.PIPE
    inviting = subprocess.Popen(words + ["--string"], env=inviter.environment, stdout=pipe, stderr=pipe)
    joining = subprocess.Popen(words + ["--accept", "-"], env=joiner.environment, stdin=inviting.stdout, stdout=pipe, stderr=pipe)
    said = joining.communicate()[1] + inviting.communicate()[1]
    if joining.returncode or inviting.returncode:
        raise SystemExit(f"chaos: pairing failed: {said.decode()}")
