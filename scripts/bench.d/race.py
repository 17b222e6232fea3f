# usage: from race import …     what the rows of scripts/bench share: run a program, take turns, print the table
import ctypes, os, shutil, signal, statistics, sys, tempfile, time
from dataclasses import dataclass, field

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "7"))
BIN = os.environ.get("KITH_BIN", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.build/bin"))
CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)  # daemons stay below us: we see their time, and end them


@dataclass
class Outcome:
    """One program that has ended: wall seconds, its CPU seconds, its exit code."""
    seconds: float
    cpu: float
    code: int


def run(words, environment=None, output=os.devnull, expect=0, errors=None):
    """Runs a program to its end, as close to the system call as Python gets; fails on another exit code."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    if errors:
        actions.append((os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY, 0))
    start = time.perf_counter()
    process = os.posix_spawnp(words[0], words, environment or os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if expect is not None and code != expect:
        give_up(f"{' '.join(words)} ended with {code}")
    return Outcome(seconds, usage.ru_utime + usage.ru_stime, code)


def start(words, environment=None, log=os.devnull):
    """Starts a server; answers its process id. It is ended with everything else when the row ends."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    return os.posix_spawnp(words[0], words, environment or os.environ, file_actions=actions)


def end(process, number=signal.SIGTERM):
    """Ends one that `start` started; answers its CPU seconds."""
    os.kill(process, number)
    usage = os.wait4(process, 0)[2]
    return usage.ru_utime + usage.ru_stime


def wait_until(claim, what, seconds=20, pause=0.0003):
    """Asks `claim` again and again until it holds; answers when that was."""
    deadline = time.perf_counter() + seconds
    while not claim():
        if time.perf_counter() > deadline:
            give_up(f"{what}: not within {seconds} s")
        time.sleep(pause)
    return time.perf_counter()


def give_up(reason):
    print(f"FAILED: {reason}", file=sys.stderr)
    sys.exit(1)


# --- processes below us

def descendants():
    """Our processes: id → (name, CPU seconds with those of the children they have reaped)."""
    ticks, parents, rows = os.sysconf("SC_CLK_TCK"), {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = open(f"/proc/{entry}/stat").read()
        except OSError:
            continue
        name, fields = text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()
        parents[int(entry)] = int(fields[1])
        rows[int(entry)] = (name, sum(map(int, fields[11:15])) / ticks)
    ours, before = {os.getpid()}, 0
    while len(ours) != before:
        before = len(ours)
        ours |= {process for process, parent in parents.items() if parent in ours}
    return {process: rows[process] for process in ours - {os.getpid()}}


def cpu(*names):
    """The CPU seconds so far of our servers that are called so."""
    return sum(seconds for name, seconds in descendants().values() if name in names)


def folder(prefix="kith-bench.", parent=None):
    """A folder of our own that goes away with us."""
    path = tempfile.mkdtemp(prefix=prefix, dir=parent)
    FOLDERS.append(path)
    return path


FOLDERS = []
FAREWELLS = []


def row(work):
    """Runs a row, and ends everything that it started, however it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    try:
        work()
    finally:
        for farewell in reversed(FAREWELLS):
            farewell()
        FAREWELLS.clear()
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in descendants():
                try:
                    os.kill(process, number)
                except ProcessLookupError:
                    pass
            time.sleep(0.2)
            reap()
        for path in FOLDERS:
            shutil.rmtree(path, ignore_errors=True)


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


# --- taking turns

@dataclass
class Track:
    """What one side did, a value for each round."""
    seconds: list = field(default_factory=list)
    cpu: float = 0

    @property
    def median(self):
        return statistics.median(self.seconds)


def race(sides, rounds=ROUNDS):
    """Lets the sides take turns: A B A B …; each answers an Outcome. The first side is Kith."""
    tracks = {name: Track() for name in sides}
    for number in range(1, rounds + 1):
        for name, turn in sides.items():
            outcome = turn()
            tracks[name].seconds.append(outcome.seconds)
            tracks[name].cpu += outcome.cpu
        ours, *others = ((name, track.seconds[-1]) for name, track in tracks.items())
        print(f"  round {number}: {ours[0]} {text(ours[1])}" + "".join(
            f", {name} {text(seconds)} ({ours[1] / seconds:.2f}×)" for name, seconds in others), flush=True)
    return tracks


def batch(turn, count, *servers):
    """A turn of `count` runs: their median, and the mean CPU of one run with the work that servers did for it."""
    def outcome():
        before = cpu(*servers)
        runs = [turn() for _ in range(count)]
        spent = sum(run.cpu for run in runs) + cpu(*servers) - before
        return Outcome(statistics.median(run.seconds for run in runs), spent / count, 0)
    return outcome


# --- the table

def text(seconds):
    if seconds == 0:
        return ""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def report(number, work, ours, rival, theirs, must, goal, speed=False):
    """One line. `must` and `goal` are limits of ours ÷ theirs, or with `speed` of theirs ÷ ours."""
    ratios = [b / a if speed else a / b for a, b in zip(ours.seconds, theirs.seconds)]
    ratio = statistics.median(ratios)
    reaches = (lambda limit: ratio >= limit) if speed else (lambda limit: ratio <= limit)
    limits = [f"{'≥' if speed else '≤'} {limit}×" for limit in (must, goal)]
    rounds = len(ours.seconds)
    line(number, work, text(ours.median), f"{rival} {text(theirs.median)}",
         f"{ratio:.2f}× ({min(ratios):.2f}–{max(ratios):.2f})", *limits,
         text(ours.cpu / rounds), text(theirs.cpu / rounds), reached(reaches(must), reaches(goal)))


def absolute(number, work, ours, goal, must=float("inf"), rival="–", theirs=None):
    """One line whose limits are seconds of ours; a rival is only shown."""
    line(number, work, text(ours.median), f"{rival} {text(theirs.median)}" if theirs else rival,
         f"{ours.median / theirs.median:.2f}×" if theirs else "", "" if must == float("inf") else f"≤ {text(must)}",
         f"≤ {text(goal)}", text(ours.cpu / len(ours.seconds)), text(theirs.cpu / len(theirs.seconds)) if theirs else "",
         "–" if goal < ours.median <= must == float("inf") else reached(ours.median <= must, ours.median <= goal))


def reached(must, goal):
    return "goal" if goal else "must" if must else "**below**"


def line(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
