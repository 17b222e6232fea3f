# usage: from wires import Door, crowd     connections that stay open, so that a client's own work does not hide a server's
import json, select, socket


class Door:
    """One connection to a node's socket."""

    def __init__(self, node):
        node.socket = f"{node.folder}/run/kith.sock"
        self.door = socket.socket(socket.AF_UNIX)
        self.door.connect(node.socket)

    @staticmethod
    def request(name, **body):
        content = json.dumps(body).encode()
        return f"POST /v1/{name} HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content

    def begin(self, name, **body):
        self.door.sendall(self.request(name, **body))

    def end(self):
        status, answer = read_http(self.door)
        if status != 200:
            raise SystemExit(f"FAILED: the daemon refused: {answer}")
        return json.loads(answer)

    def ask(self, name, **body):
        self.begin(name, **body)
        return self.end()

    @staticmethod
    def workers(path, count, total):
        """So many workers that claim and complete until `total` tasks are done; answers the ids."""
        ended, poll, doors = [], select.epoll(), {}
        for _ in range(count):
            door = socket.socket(socket.AF_UNIX)
            door.connect(path)
            doors[door.fileno()] = [door, b"", None]
            poll.register(door.fileno(), select.EPOLLIN)
            door.sendall(Door.request("task/next"))
        while len(ended) < total:
            for number, _ in poll.poll(10):
                state = doors[number]
                state[1] += state[0].recv(65536)
                if (answer := whole(state[1])) is None:
                    continue
                state[1] = b""
                if state[2]:
                    ended.append(state[2])
                    state[2] = None
                    state[0].sendall(Door.request("task/next"))
                elif claim := json.loads(answer).get("claim"):
                    state[2] = claim["task"]["id"]
                    state[0].sendall(Door.request("task/complete", task=state[2], token=claim["token"]))
        for door, _, _ in doors.values():
            door.close()
        return ended


def whole(data):
    """The body of an answer that has arrived whole; None until then."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return None
    start = head.lower().index(b"content-length:") + 15
    return body if len(body) >= int(head[start:].split(b"\r\n")[0]) else None


def read_http(door):
    data = b""
    while (body := whole(data)) is None:
        piece = door.recv(1 << 18)
        if not piece:
            raise SystemExit("FAILED: the daemon closed the connection")
        data += piece
    return int(data.split(b" ", 2)[1]), body


def crowd(addresses, requests, total, sign):
    """Many clients, each with one request under way, until `total` answers hold the sign of success."""
    poll, doors, answered = select.epoll(), {}, 0
    for address, request in zip(addresses, requests):
        door = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        door.connect(address)
        doors[door.fileno()] = (door, request)
        poll.register(door.fileno(), select.EPOLLIN)
        door.sendall(request)
    while answered < total:
        for number, _ in poll.poll(10):
            door, request = doors[number]
            if sign not in door.recv(65536):
                raise SystemExit("FAILED: a put was refused")
            answered += 1
            door.sendall(request)
    for door, _ in doors.values():
        door.close()
