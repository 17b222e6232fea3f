# usage: from history import History     what the clients saw, and the model that it is held against. No sockets, no clock.
from collections import defaultdict
from threading import Lock


class History:
    """Every fact with the time at which its question was asked and its answer came."""

    def __init__(self):
        self.lock = Lock()
        self.accepted = {}                  # key → (id, from, to, number)
        self.reads = defaultdict(list)      # key → [(id, reader, isRepeat, answered)]
        self.read_order = defaultdict(list)  # (from, to) → [number], by first reading
        self.said_seen, self.said_acked = {}, {}  # id → when the agent began to say so
        self.acked = {}                     # id → when that was answered
        self.observed = []                  # (id, state, answered)
        self.claims = []                    # (task, token, worker, asked, answered)
        self.ends = []                      # (task, token, what, worked, asked, answered)
        self.surprises = []                 # what an agent met that it never should
        self.faults = defaultdict(int)

    def note(self, what, *fact):
        with self.lock:
            getattr(self, what).append(fact)

    def read(self, key, message, reader, repeat, answered):
        with self.lock:
            if not self.reads[key]:
                sender, recipient, number = key.split("/")
                self.read_order[(sender, recipient)].append(int(number))
            self.reads[key].append((message, reader, repeat, answered))

    def check(self, lease):
        """Every way in which the history contradicts what was promised, in words."""
        return [*(f"surprise: {what}" for what, in self.surprises), *self.check_messages(), *self.check_order(), *self.check_states(), *self.check_claims(lease), *self.check_tokens()]

    def check_messages(self):
        for key, (message, sender, recipient, _) in self.accepted.items():
            reads = self.reads.get(key, [])
            if not reads:
                yield f"lost: {key} was accepted and never arrived"
            if {one[0] for one in reads} - {message}:
                yield f"doubled: {key} arrived under several ids"
            if {one[1] for one in reads} - {recipient}:
                yield f"astray: {key} arrived at {[one[1] for one in reads]}"
            if sum(not one[2] for one in reads) > 1:
                yield f"doubled: {key} came again without being marked as a repeat"
            if any(one[3] > self.acked[message] + 5 for one in reads if message in self.acked):
                yield f"doubled: {key} came again after it was acknowledged"

    def check_order(self):
        for (sender, recipient), numbers in self.read_order.items():
            if numbers != sorted(numbers):
                yield f"out of order: {sender} to {recipient}: {numbers}"

    def check_states(self):
        for message, state, answered in self.observed:
            began = {"surfaced": self.said_seen, "acked": self.said_acked}.get(state)
            if began is not None and answered < began.get(message, float("inf")):
                yield f"early: {message} was said to be {state} before its agent had said so"
            if state in ("expired", "dead", "refused", "held"):
                yield f"wrong: {message} was said to be {state}"

    def check_claims(self, lease):
        by_task = defaultdict(list)
        for task, token, worker, asked, answered in self.claims:
            by_task[task].append((token, worker, asked, answered))
        for task, claims in by_task.items():
            claims.sort()
            for (token, worker, asked, _), (later, other, _, answered) in zip(claims, claims[1:]):
                if token == later and worker != other:
                    yield f"double claim: token {token} of {task} was given to {worker} and {other}"
                if token < later and answered < asked + lease and not self.gave_up(task, token, answered):
                    yield f"double claim: {task} was given to {other} while the lease of {worker} lasted"

    def gave_up(self, task, token, before):
        return any(end[:2] == (task, token) and end[2] != "write" and end[4] < before for end in self.ends)

    def check_tokens(self):
        done = defaultdict(set)
        for task, token, what, worked, asked, _ in self.ends:
            if not worked:
                continue
            later = [claim for claim in self.claims if claim[0] == task and claim[1] > token and claim[4] < asked]
            if later:
                yield f"stale: {what} of {task} with token {token} was taken after token {later[0][1]} was given"
            if what == "complete":
                done[task].add(token)
        for task, tokens in done.items():
            if len(tokens) > 1:
                yield f"done twice: {task} with tokens {sorted(tokens)}"
