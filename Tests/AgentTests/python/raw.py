# usage: from raw import Raw     a client of bare lines, which checks every line that it gets
import json, os, select, subprocess, time

from mesh import KITH, Failure
from schemas import Judge, MODERN


def meta(**more):
    capabilities = more.pop("capabilities", {})
    return {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": capabilities,
        "io.modelcontextprotocol/clientInfo": {"name": "raw", "version": "1"}, **more,
    }


class Raw:
    def __init__(self, node, *words, revision=None):
        self.process = subprocess.Popen(
            [KITH, "mcp", "serve", *words], env=node.environment, cwd=node.user,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.judge, self.buffer, self.count, self.other, self.legacy = Judge(), b"", 0, [], revision
        if revision:
            self.hello = self.ask("initialize", protocolVersion=revision, capabilities={"elicitation": {}}, clientInfo={"name": "raw", "version": "1"})
            self.tell("notifications/initialized")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill(), self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass

    def send(self, message):
        self.judge.client(message)
        self.line(json.dumps(message).encode())

    def line(self, line):
        self.process.stdin.write(line + b"\n"), self.process.stdin.flush()

    def tell(self, method, **params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method, id=None, **params):
        self.count += 1
        id = id if id is not None else self.count
        if not self.legacy and method != "initialize":
            params.setdefault("_meta", meta())
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        return id

    def next(self, seconds=20):
        """The next message of the server; None at the end of its output."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise Failure(f"nothing came in {seconds} s")
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            if not piece:
                return None
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        message = json.loads(line)
        self.judge.server(message)
        return message

    def answer(self, id, seconds=60):
        """The answer to a request; what comes before it is kept in `other`, where it may be already."""
        is_it = lambda message: "method" not in message and message.get("id") == id
        while True:
            for message in filter(is_it, self.other):
                self.other.remove(message)
                return message
            message = self.next(seconds)
            if message is None:
                raise Failure("the server has gone")
            if is_it(message):
                return message
            self.other.append(message)

    def ask(self, method, **params):
        message = self.answer(self.begin(method, **params))
        if "error" in message:
            raise Failure(f"{method}: {message['error']}")
        return message["result"]

    def fail(self, method, **params):
        message = self.answer(self.begin(method, **params))
        if "error" not in message:
            raise Failure(f"{method} did not fail: {message}")
        return message["error"]

    def call(self, tool, _meta=None, **arguments):
        more = {"_meta": _meta} if _meta else {}
        return self.ask("tools/call", name=tool, arguments=arguments, **more)

    def close(self):
        """Ends the input; the exit code, and how long it took."""
        start = time.monotonic()
        self.process.stdin.close()
        code = self.process.wait(20)
        return code, time.monotonic() - start
