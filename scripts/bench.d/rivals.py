# usage: from rivals import Redis, Etcd, Nats     servers of others on the loopback interface, each with its data on the same disk as Kith's
import base64, http.client, json, select, socket

from race import folder, start, wait_until
from nodes import free_port


def spawn(words, port, name):
    """Starts a server and waits until its port takes connections; None where it is not installed."""
    try:
        start(words, log=f"{folder()}/log")
    except FileNotFoundError:
        print(f"  {name} is not installed: n/a")
        return False
    wait_until(lambda: answers(port), f"{name} answers", pause=0.05)
    return True


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def answers(port):
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


class Redis:
    """With an append-only file that is synced before every answer."""

    @classmethod
    def start(cls):
        self, self_port = cls(), free_port()
        self.port = self_port
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", folder(), "--save", "",
                 "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"]
        if not spawn(words, self.port, "redis-server"):
            return None
        self.door = socket.create_connection(("127.0.0.1", self.port))
        self.door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.command("XGROUP", "CREATE", "tasks", "workers", "0", "MKSTREAM")
        return self

    @staticmethod
    def words(*words):
        return f"*{len(words)}\r\n".encode() + b"".join(f"${len(word.encode())}\r\n{word}\r\n".encode() for word in words)

    def command(self, *words):
        self.door.sendall(self.words(*words))
        data = self.door.recv(65536)
        if data.startswith(b"-"):
            raise SystemExit(f"FAILED: redis: {data.decode()}")
        return data

    def fill(self, count):
        for index in range(count):
            self.command("XADD", "tasks", "*", "title", f"t{index}")

    def claim_and_finish(self):
        answer = self.command("XREADGROUP", "GROUP", "workers", "w", "COUNT", "1", "STREAMS", "tasks", ">").split(b"\r\n")
        identity = next(part for part in answer if b"-" in part and part[:1].isdigit()).decode()
        self.command("XACK", "tasks", "workers", identity)


class Etcd:
    @classmethod
    def start(cls):
        self, self.port = (one := cls()), free_port()
        url, peer = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{free_port()}"
        words = ["etcd", "--data-dir", folder(), "--listen-client-urls", url, "--advertise-client-urls", url,
                 "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"]
        if not spawn(words, self.port, "etcd"):
            return None
        self.door = http.client.HTTPConnection("127.0.0.1", self.port)
        wait_until(self.leads, "etcd takes a value", pause=0.1)
        return self

    def leads(self):
        try:
            self.put("a", "b")
            return True
        except (OSError, http.client.HTTPException, SystemExit):
            self.door.close()
            return False

    def put(self, key, value):
        text = lambda word: base64.b64encode(word.encode()).decode()
        self.door.request("POST", "/v3/kv/put", json.dumps({"key": text(key), "value": text(value)}))
        answer = self.door.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"FAILED: etcd: {body.decode()}")


class Nats:
    """JetStream with file storage on one server, and a second server that hangs on it as a leaf; it syncs its files
    every two minutes, not before an answer. Nothing between the two is encrypted."""

    @classmethod
    def start(cls):
        self, home, link = cls(), folder(), free_port()
        self.port, there = free_port(), free_port()
        write(f"{home}/hub", f'listen: "127.0.0.1:{self.port}"\njetstream {{ store_dir: "{home}" }}\nleafnodes {{ listen: "127.0.0.1:{link}" }}\n')
        write(f"{home}/leaf", f'listen: "127.0.0.1:{there}"\nleafnodes {{ remotes = [ {{ url: "nats-leaf://127.0.0.1:{link}" }} ] }}\n')
        if not spawn(["nats-server", "-c", f"{home}/hub"], self.port, "nats-server"):
            return None
        spawn(["nats-server", "-c", f"{home}/leaf"], there, "nats-server")
        self.wire = Wire(self.port)
        self.listener = Wire(there)
        self.wire.api("STREAM.CREATE.mail", {"name": "mail", "subjects": ["mail"], "storage": "file"})
        self.listener.subscribe("push")
        config = {"deliver_subject": "push", "durable_name": "push", "ack_policy": "explicit", "max_ack_pending": 100_000}
        self.wire.api("CONSUMER.DURABLE.CREATE.mail.push", {"stream_name": "mail", "config": config})
        self.publish_and_receive()  # returns when the leaf has found the hub
        work = {"name": "work", "subjects": ["work"], "storage": "file", "retention": "workqueue"}
        self.wire.api("STREAM.CREATE.work", work)
        pull = {"durable_name": "pull", "ack_policy": "explicit", "max_ack_pending": 100_000}
        self.wire.api("CONSUMER.DURABLE.CREATE.work.pull", {"stream_name": "work", "config": pull})
        return self

    def publish_and_receive(self):
        self.wire.publish("mail", b"x" * 100)
        _, reply, _ = self.listener.message()
        self.listener.publish(reply, b"+ACK")

    def fill(self, count):
        for index in range(count):
            self.wire.request("work", b"t%d" % index)

    def claim_and_finish(self):
        _, reply, _ = self.wire.request("$JS.API.CONSUMER.MSG.NEXT.work.pull", b"1")
        self.wire.request(reply, b"+ACK")

    def workers(self, count, total):
        """Workers that pull one task and acknowledge it, until all are done."""
        wires, ended, poll = {}, 0, select.epoll()
        for _ in range(count):
            wire = Wire(self.port)
            wires[wire.door.fileno()] = [wire, False]
            poll.register(wire.door.fileno(), select.EPOLLIN)
            wire.ask("$JS.API.CONSUMER.MSG.NEXT.work.pull", b'{"batch":1}')
        while ended < total:
            for number, _ in poll.poll(10):
                wire, isEnding = wires[number]
                for _, reply, _ in wire.arrived():
                    if isEnding:
                        ended += 1
                        wire.ask("$JS.API.CONSUMER.MSG.NEXT.work.pull", b'{"batch":1}')
                    else:
                        wire.ask(reply, b"+ACK")
                    isEnding = wires[number][1] = not isEnding
        for wire, _ in wires.values():
            wire.door.close()


class Wire:
    """One connection to a nats-server, in its own words."""

    def __init__(self, port):
        self.door, self.data = socket.create_connection(("127.0.0.1", port)), b""
        self.door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.inbox = f"_INBOX.{id(self)}"
        self.door.sendall(b'CONNECT {"verbose":false,"headers":true}\r\n')
        self.subscribe(f"{self.inbox}.*")

    def subscribe(self, subject):
        self.door.sendall(f"SUB {subject} {abs(hash(subject)) % 9999 + 1}\r\n".encode())

    def publish(self, subject, body, reply=""):
        self.door.sendall(f"PUB {subject} {reply + ' ' if reply else ''}{len(body)}\r\n".encode() + body + b"\r\n")

    def ask(self, subject, body):
        self.publish(subject, body, f"{self.inbox}.r")

    def request(self, subject, body):
        self.ask(subject, body)
        return self.message()

    def api(self, what, body):
        answer = json.loads(self.request(f"$JS.API.{what}", json.dumps(body).encode())[2])
        if "error" in answer:
            raise SystemExit(f"FAILED: nats: {answer['error']}")

    def message(self):
        while True:
            for one in self.parsed():
                return one
            self.fill()

    def arrived(self):
        self.fill()
        return list(self.parsed())

    def fill(self):
        piece = self.door.recv(65536)
        if not piece:
            raise SystemExit("FAILED: nats closed the connection")
        self.data += piece

    def parsed(self):
        """The messages in what has come: (subject, reply, body)."""
        while b"\r\n" in self.data:
            line, _, rest = self.data.partition(b"\r\n")
            if not line.startswith((b"MSG", b"HMSG")):
                self.data = rest
                if line == b"PING":
                    self.door.sendall(b"PONG\r\n")
                if line.startswith(b"-ERR"):
                    raise SystemExit(f"FAILED: nats: {line.decode()}")
                continue
            words = line.decode().split()
            size = int(words[-1])
            if len(rest) < size + 2:
                return
            head = int(words[-2]) if words[0] == "HMSG" else 0
            reply = words[3] if len(words) > (5 if head else 4) else ""
            self.data = rest[size + 2:]
            yield words[1], reply, rest[head:size]
