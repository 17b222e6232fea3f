# usage: hard.py [TEST…]     the breaker: noise, floods, lines without end, a daemon that dies, and slow strangers at the door
import json, os, random, select, socket, threading, time

from mesh import holds, run, same, wait_until
from raw import Raw, meta


def memory(process, what="VmRSS"):
    """In KiB."""
    with open(f"/proc/{process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(what))


def request(id, method="tools/list", **params):
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": {"_meta": meta(), **params}}).encode()


def alive(server):
    """Returns once it has answered a sound request, whatever it says before."""
    server.line(request("alive", "prompts/list"))
    while json.loads(take(server)).get("id") != "alive":
        pass


def take(server):
    """A line that is nobody's answer in particular."""
    while b"\n" not in server.buffer:
        holds(select.select([server.process.stdout], [], [], 20)[0], "something is said")
        piece = os.read(server.process.stdout.fileno(), 1 << 16)
        holds(piece, "the output ended")
        server.buffer += piece
    line, _, server.buffer = server.buffer.partition(b"\n")
    return line


def noise_is_refused_line_by_line(mesh):
    dice = random.Random(5)
    sound = request(1, "tools/call", name="kith_list_peers", arguments={"a": [1, 2.5, None, True, "\\u00e4"]})
    with Raw(mesh.laptop) as server:
        for _ in range(2_000):
            line = bytearray(sound)
            for _ in range(dice.randint(1, 8)):
                line[dice.randrange(len(line))] = dice.randrange(256)
            server.line(bytes(line).replace(b"\n", b" ")[: dice.randint(1, len(line))])
            alive(server)
        server.line(bytes(dice.randrange(256) for _ in range(100_000)))
        alive(server)


def a_request_may_come_byte_by_byte(mesh):
    with Raw(mesh.laptop) as server:
        for byte in request(1) + b"\n":
            server.process.stdin.write(bytes([byte])), server.process.stdin.flush()
        same(json.loads(take(server))["id"], 1)


def ids_of_every_kind(mesh):
    with Raw(mesh.laptop) as server:
        for id, answered in (
            ('""', ""), ('"ä😀\\u0000"', "ä😀\0"), ("0", 0), ("-7", -7), ("9007199254740993", 9007199254740993),
            ("9223372036854775807", 9223372036854775807), ("1e3", 1000), ('"' + "x" * 100_000 + '"', "x" * 100_000),
            ("1.5", None), ("1e400", None), ("99999999999999999999", None), ("true", None), ("null", None), ("[]", None), ("{}", None),
        ):
            server.line(request("ID").replace(b'"ID"', id.encode()))
            message = json.loads(take(server))
            same((message.get("id"), "error" in message), (answered, answered is None), id[:30])


def a_line_without_end_costs_no_memory(mesh):
    with Raw(mesh.laptop) as server:
        alive(server)
        before = memory(server.process)
        server.process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"')
        for _ in range(100):
            server.process.stdin.write(b"x" * (1 << 20))
        server.process.stdin.flush()
        grown = memory(server.process, "VmHWM") - before
        server.line(b"")
        same(json.loads(take(server))["error"]["code"], -32600)
        print(f"  100 MiB without a line feed: {grown / 1024:.1f} MiB more at most")
        holds(grown < 40 << 10, grown)
        alive(server)


def nesting_and_repetition_cost_no_time(mesh):
    with Raw(mesh.laptop) as server:
        for inside in (b'{"a":' * 500_000, b"[" * 3_000_000, b'"a":1,' * 500_000, b"1," * 1_500_000, b'"' + b"\\u0041" * 600_000):
            start = time.monotonic()
            server.line(b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":' + inside + b"}}")
            same(json.loads(take(server))["error"]["code"], -32700)
            holds(time.monotonic() - start < 10, (inside[:8], time.monotonic() - start))
        start = time.monotonic()
        server.line(request(1, "tools/call", name="kith_list_peers", arguments={"a": [1] * 1_000_000}))
        same(json.loads(take(server))["id"], 1)
        print(f"  a list of a million numbers: {time.monotonic() - start:.2f} s")
        alive(server)


def a_flood_that_nobody_reads_is_bounded(mesh):
    count = 10_000
    with Raw(mesh.laptop) as server:
        alive(server)
        before, written = memory(server.process), []

        def flood():
            for number in range(count):
                server.line(request(number, "tools/list" if number % 2 else "resources/list"))
                written.append(number)

        writer = threading.Thread(target=flood, daemon=True)
        writer.start()
        last = -1
        while last != len(written):
            last = len(written)
            time.sleep(1)
        grown = memory(server.process, "VmHWM") - before
        print(f"  {last} requests were taken before it waited for its reader; {grown / 1024:.1f} MiB more")
        holds(last < count and grown < 100 << 10, (last, grown))
        ids = sorted(json.loads(take(server))["id"] for _ in range(count))
        same(ids == list(range(count)), True, "each has its answer")
        writer.join(10)
        alive(server)


def a_daemon_that_is_killed_in_the_middle_of_a_call(mesh):
    with Raw(mesh.laptop) as server:
        server.ask("tools/list")
        calls = [server.begin("tools/call", name="kith_check_inbox", arguments={"seconds": 50}),
                 server.begin("tools/call", name="kith_execute", arguments={"peer": ".", "command": ["sleep", "30"], "wait_seconds": 50}),
                 server.begin("resources/read", uri="kith://peers")]
        server.answer(calls[2])
        time.sleep(0.5)
        mesh.laptop.process.kill(), mesh.laptop.process.wait()
        for id in calls[:2]:
            result = server.answer(id, 10)["result"]
            holds(result["isError"] and result["_meta"]["kith/error"]["code"] in ("link.lost", "daemon.not_running"), result)
        mesh.laptop.start()
        holds("isError" not in server.call("kith_check_inbox", seconds=0), "and goes on with the next one")
    mesh.laptop.kith("stop", "--jobs"), mesh.laptop.process.wait(20)
    mesh.laptop.start()
    wait_until(lambda: mesh.laptop.sees("studio"), "online again")


def door(mesh):
    with open(f"{mesh.laptop.folder}/mcp-http.json") as file:
        notice = json.load(file)
    return int(notice["url"].split(":")[2].split("/")[0]), notice["token"]


def knock(port, data, seconds=10):
    """What the door says to these bytes; empty where it hangs up."""
    with socket.create_connection(("127.0.0.1", port), seconds) as link:
        answer = b""
        try:
            link.sendall(data)
            while b"\r\n\r\n" not in answer:
                piece = link.recv(1 << 16)
                if not piece:
                    break
                answer += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answer.split(b"\r\n")[0].decode()


def bad_questions_at_the_door(mesh):
    port, token = door(mesh)
    ping = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    head = f"POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
    whole = lambda more="", body=ping: (head + more + f"content-length: {len(body)}\r\n\r\n").encode() + body
    holds(" 200 " in knock(port, whole()), "a good one")
    for what, data in {
        "a header of 64 KiB": whole(f"x-long: {'x' * 65_536}\r\n"),
        "a thousand headers": whole("".join(f"x-{n}: 1\r\n" for n in range(1_000))),
        "two lengths": whole("content-length: 3\r\n"),
        "a length and chunks": whole("transfer-encoding: chunked\r\n"),
        "a path without end": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        "two hosts": whole("host: evil.example\r\n"),
        "no host": whole().replace(f"host: 127.0.0.1:{port}\r\n".encode(), b""),
        "a nul": whole("x: \0\r\n"),
        "noise": bytes(range(256)) * 64,
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    }.items():
        answer = knock(port, data)
        holds(not answer or answer.split(" ")[1][0] == "4", (what, answer))
    holds(" 200 " in knock(port, whole()), "and it serves on")


def slow_strangers_do_not_keep_others_out(mesh):
    port, token = door(mesh)
    before = len(os.listdir(f"/proc/{mesh.laptop.process.pid}/fd"))
    slow = []
    for _ in range(300):
        link = socket.create_connection(("127.0.0.1", port), 5)
        try:
            link.sendall(b"POST /mcp HTTP/1.1\r\nhost: 127.0")
        except OSError:
            pass
        slow.append(link)
    start = time.monotonic()
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    good = f"POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
    wait_until(lambda: " 200 " in knock(port, good, 3), "somebody with the token is served", 20)
    print(f"  served after {time.monotonic() - start:.2f} s beside 300 who say nothing; {len(os.listdir(f'/proc/{mesh.laptop.process.pid}/fd')) - before} descriptors more")
    holds(mesh.laptop.kith("status").returncode == 0, "the owner's own door")
    for link in slow:
        link.close()
    wait_until(lambda: len(os.listdir(f"/proc/{mesh.laptop.process.pid}/fd")) <= before + 5, "they are let go")


run([value for name, value in list(globals().items()) if getattr(value, "__module__", "") == "__main__" and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("mesh",) and name != "door"],
    more="mcp:\n  httpPort: 0\n")
