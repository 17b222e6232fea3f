# usage: see scripts/chaos     agents that work, a nemesis that harms, and the verdict
import random, signal, sys, threading, time

from fleet import Fleet, Lost, Refused
from history import History

LEASE = 2  # seconds; the home adds five of grace
now = time.monotonic


class Trial:
    def __init__(self, fleet, seconds, seed):
        self.fleet, self.history, self.seconds = fleet, History(), seconds
        self.random, self.seed = random.Random(seed), seed
        self.calm, self.over, self.harm = threading.Event(), threading.Event(), threading.Lock()

    def run(self):
        nodes = self.fleet.nodes
        for node in nodes:
            for agent in ("reader", "worker-a", "worker-b"):
                node.ask("agent/register", agent=agent)
            for other in nodes:
                if other is not node:
                    node.ask("message/policy", peer=other.name, verdict="accept", perMinute=0)
        jobs = [(job, node) for node in nodes for job in (self.send, self.receive, self.observe, self.post)]
        jobs += [(self.work, node, worker) for node in nodes for worker in ("worker-a", "worker-b")]
        threads = [threading.Thread(target=self.do, args=job, daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        self.torment()
        self.calm.set()
        drained = self.wait_for_calm()
        self.over.set()
        for thread in threads:
            thread.join(30)
        return drained

    def do(self, job, node, *rest):
        """Runs an agent; one that meets what it never should is a contradiction, too."""
        try:
            job(node, *rest, random.Random(f"{self.seed}{job.__name__}{node.name}{rest}"))
        except Exception as error:
            self.history.note("surprises", f"{job.__name__} on {node.name}: {type(error).__name__} {error}")

    # --- the agents

    def send(self, node, chance):
        number, others = 0, [other for other in self.fleet.nodes if other is not node]
        while not self.calm.is_set():
            other, number = chance.choice(others), number + 1
            key = f"{node.name}/{other.name}/{number}"
            body = key + "." * chance.choice((0, 200, 90_000))
            reply = self.insist(lambda: node.ask("message/send", to=[f"reader@{other.name}"], body=body, ack="want", idempotencyKey=key))
            with self.history.lock:
                self.history.accepted[key] = (reply["id"], node.name, other.name, number)
            time.sleep(chance.uniform(0, 0.05))

    def insist(self, question):
        """Asks until there is an answer: the same key makes that safe. A refusal here is a fault of ours."""
        while True:
            try:
                return question()
            except Lost:
                time.sleep(0.05)

    def receive(self, node, chance):
        history = self.history
        while not self.over.is_set():
            try:
                entries = node.ask("message/wait", agent="reader", seconds=1, limit=20)["entries"]
                ids = [entry["message"]["id"] for entry in entries]
                for entry in entries:
                    key = entry["message"]["body"].rstrip(".")
                    history.read(key, entry["message"]["id"], node.name, entry["isRepeat"], now())
                if not ids:
                    continue
                self.say(node, "message/seen", ids, history.said_seen)
                self.say(node, "message/ack", ids, history.said_acked)
                with history.lock:
                    for one in ids:
                        history.acked.setdefault(one, now())
            except Lost:
                time.sleep(0.05)

    def say(self, node, what, ids, began):
        with self.history.lock:
            for one in ids:
                began.setdefault(one, now())
        self.insist(lambda: node.ask(what, agent="reader", messages=ids))

    def observe(self, node, chance):
        while not self.over.is_set():
            with self.history.lock:
                own = [fact[0] for fact in self.history.accepted.values() if fact[1] == node.name][-50:]
            try:
                if own:
                    message = chance.choice(own)
                    state = node.ask("message/status", message=message)["deliveries"][0]["state"]
                    self.history.note("observed", message, state, now())
            except Lost:
                pass
            time.sleep(0.02)

    def post(self, node, chance):
        number = 0
        while not self.calm.is_set():
            number += 1
            try:
                node.ask("task/post", title=f"{node.name} {number}", leaseSeconds=LEASE, maximumAttempts=100)
            except Lost:
                pass
            time.sleep(chance.uniform(0.1, 0.5))

    def work(self, node, worker, chance):
        name = f"{worker}@{node.name}"
        while not self.over.is_set():
            asked = now()
            try:
                claim = node.ask("task/next", agent=worker, everywhere=True).get("claim")
            except (Lost, Refused):
                claim = None
            if not claim:
                time.sleep(0.1)
                continue
            task, token = claim["task"]["id"], claim["token"]
            self.history.note("claims", task, token, name, asked, now())
            home = next(one for one in self.fleet.nodes if one.name == claim["task"]["home"] or task.endswith(one.id))
            # A third of the work takes longer than the lease and its grace; the rest has time to be done.
            time.sleep(chance.choice((0, 0.1, 0.5, 1, LEASE + 4, LEASE + 6)))
            self.end(task, token, "write", lambda: home.ask("context/set", key=f"task/{task}", value=name, task=task, token=token))
            if chance.random() < 0.8:
                self.end(task, token, "complete", lambda: node.ask("task/complete", task=task, token=token, result=name))

    def end(self, task, token, what, question):
        asked = now()
        try:
            question()
            worked = True
        except Refused:
            worked = False
        except Lost:
            return
        self.history.note("ends", task, token, what, worked, asked, now())

    # --- the nemesis

    def torment(self):
        deadline = now() + self.seconds
        while now() < deadline:
            time.sleep(self.random.uniform(0.3, 2))
            harms = [self.kill, self.freeze] + [self.isolate] * self.fleet.has_network
            harm, node = self.random.choice(harms), self.random.choice(self.fleet.nodes)
            self.history.faults[harm.__name__] += 1
            harm(node)

    def kill(self, node):
        node.kill()
        time.sleep(self.random.uniform(0, 1))
        node.start()

    def freeze(self, node):
        node.stop()
        time.sleep(self.random.uniform(0.2, 4))
        node.resume()

    def isolate(self, node):
        self.fleet.cut(node)
        time.sleep(self.random.uniform(0.5, 6))
        self.fleet.heal(node)

    def wait_for_calm(self, seconds=90):
        """Whether every accepted message is acknowledged, and its sender knows."""
        deadline = now() + seconds
        open_keys = None
        while now() < deadline:
            with self.history.lock:
                accepted = dict(self.history.accepted)
            open_keys = [key for key, (message, sender, _, _) in accepted.items() if self.state(sender, message) != "acked"]
            if not open_keys:
                return True
            time.sleep(0.5)
        print(f"chaos: {len(open_keys)} messages were not acknowledged in {seconds} s: {open_keys[:5]}", file=sys.stderr)
        return False

    known = {}

    def state(self, sender, message):
        if self.known.get(message) != "acked":
            node = next(one for one in self.fleet.nodes if one.name == sender)
            try:
                self.known[message] = node.ask("message/status", message=message)["deliveries"][0]["state"]
            except Lost:
                return "unknown"
        return self.known[message]


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 120
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the fleet is taken down
    print(f"chaos: {seconds:.0f} s, seed {seed}", flush=True)
    with Fleet() as fleet:
        if not fleet.has_network:
            print("chaos: no root, so no partitions")
        for node in fleet.nodes:
            node.id = node.ask("node/ping")["id"][:8]
        trial = Trial(fleet, seconds, seed)
        drained = trial.run()
        history = trial.history
    wrong = list(history.check(LEASE)) + ([] if drained else ["not drained"])
    reads = sum(map(len, history.reads.values()))
    ends = [end for end in history.ends if end[2] == "complete"]
    print(f"chaos: {dict(history.faults)}")
    print(f"chaos: {len(history.accepted)} messages accepted, {reads} readings of them, {len(history.observed)} states observed")
    print(f"chaos: {len(history.claims)} claims, {sum(end[3] for end in ends)} completions taken, {sum(not end[3] for end in ends)} refused as stale")
    for one in wrong[:20]:
        print(f"chaos: WRONG: {one}")
    print("chaos: the history holds" if not wrong else f"chaos: {len(wrong)} contradictions; seed {seed}")
    sys.exit(1 if wrong else 0)


main()
