"""`vernier serve` under load, beside the batch command and a Python server with the same model, in one run.

usage: service.py [--seconds 20] [--rounds 3] [--pairs 200] [--connections 64] [--soak 0] [--model photo-overall]
                  [--no-peer]

Every answer is compared with the batch command's score of the same photo. --rounds 0 leaves that comparison out, --pairs
0 the one of single photos. --soak SECONDS then loads the service alone for that long, samples its memory, and kills it
twice in the middle. Prints lines for docs/benchmarks.md. VERNIER names another program than the built one.
"""
import argparse
import asyncio
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import load
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
VERNIER = Path(os.environ.get("VERNIER", ROOT / ".build/release/vernier"))


def make_photos(folder, count):
    """JPEGs of 1600 × 1200 pixels and different content: windows of the demo's portraits."""
    sources = sorted((ROOT / ".deps/portraits").glob("*.[jp][pn]g"))
    paths = []
    for number in range(count):
        picture = Image.open(sources[number % len(sources)]).convert("RGB")
        width, height = picture.size
        left, top = (number * 7) % max(1, width // 5), (number * 5) % max(1, height // 5)
        window = picture.crop((left, top, left + width * 4 // 5, top + height * 4 // 5))
        path = folder / f"{number:03d}.jpg"
        window.resize((1600, 1200), Image.Resampling.BICUBIC).save(path, quality=90)
        paths.append(path)
    return paths


def command(model, paths):
    """The batch command's scores and its photos a second, without its start."""
    def timed(files):
        start = time.perf_counter()
        run = subprocess.run([VERNIER, "score", "--model", model, "--json", *files], capture_output=True, text=True,
                             check=True)
        return time.perf_counter() - start, [json.loads(line)["score"] for line in run.stdout.splitlines()]

    one, _ = timed(paths[:1])
    all_, scores = timed(paths)
    return (len(paths) - 1) / (all_ - one), scores


class Server:
    """A server process and its children."""

    def __init__(self, arguments, port, ready, environment=None):
        self.arguments, self.port, self.ready, self.environment = arguments, port, ready, environment
        self.start()

    def start(self):
        start = time.perf_counter()
        self.process = subprocess.Popen([str(part) for part in self.arguments], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, env=self.environment, start_new_session=True)
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.ready}", timeout=5).read()
                break
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"service: {self.arguments[0]} ended with {self.process.returncode}")
                time.sleep(0.01)
        self.start_seconds = time.perf_counter() - start

    def processes(self):
        """Its process group, which it is the leader of."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getpgid(int(entry.name)) == self.process.pid:
                        found.append(int(entry.name))
                except ProcessLookupError:
                    pass
        return found

    def memory(self):
        """Megabytes of all its processes; shared pages count once (PSS)."""
        total = 0
        for process in self.processes():
            try:
                total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)[1])
            except (OSError, TypeError):
                pass
        return total / 1024

    def processor(self):
        """Seconds of processor time of all its processes, and of those that ended."""
        ticks = 0
        for process in self.processes():
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(int(field) for field in fields[11:15])
            except OSError:
                pass
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            pass
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def measure(server, path, photos, expected, options, tolerance=0.0):
    """Loads a server for the time of a round; gives what came back and the most memory."""
    samples = []

    async def watch():
        end = time.perf_counter() + options.seconds
        while time.perf_counter() < end:
            samples.append(server.memory())
            await asyncio.sleep(1)

    result = asyncio.run(load.run(server.port, path, photos, expected, options.connections, options.seconds,
                                  tolerance=tolerance, meanwhile=watch))
    return result, max(samples)


def paired(one, other, photos, count):
    """What a photo costs two servers that are asked in turns: for each, milliseconds of clock and processor time.

    The clock's are medians; also gives the median of the clock's ratios, the first ÷ the other.
    """
    async def ask():
        rows, busy = [], []
        connections = [await asyncio.open_connection("127.0.0.1", server.port) for server, _ in (one, other)]
        for number in range(count + 5):
            if number == 5:
                # The first ones warmed both up.
                busy = [server.processor() for server, _ in (one, other)]
            seconds = []
            for (_, path), (reader, writer) in zip((one, other), connections):
                start = time.perf_counter()
                await load.exchange(reader, writer, path, photos[number % len(photos)])
                seconds.append(time.perf_counter() - start)
            if number >= 5:
                rows.append((seconds[0] / seconds[1], *seconds))
        clock = [statistics.median(column) for column in zip(*rows)]
        spent = [(server.processor() - before) / count for (server, _), before in zip((one, other), busy)]
        return clock[0], [(1000 * wall, 1000 * own) for wall, own in zip(clock[1:], spent)]

    return asyncio.run(ask())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--soak", type=float, default=0)
    parser.add_argument("--model", default="photo-overall")
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(options, Path(folder))


def run(options, folder):
    paths = make_photos(folder, 40)
    photos = [path.read_bytes() for path in paths]
    _, expected = command(options.model, paths)

    def serve(*more):
        port = free_port()
        return Server([VERNIER, "serve", "--model", options.model, "--port", port, *more], port, "/readyz")

    def peer():
        port = free_port()
        script = Path(__file__).with_name("peer.py")
        return Server([sys.executable, script, port, ROOT / "Models" / options.model], port, "/health")

    sides = {"vernier serve": (serve, "/v1/score", 0.0), "vernier serve --no-sandbox":
             (lambda: serve("--no-sandbox"), "/v1/score", 0.0)}
    if not options.no_peer:
        # Other decoders and kernels: the same score but for a part of the interval.
        sides["LitServe, ONNX Runtime"] = (peer, "/predict", 0.5)
    if options.rounds:
        compare(options, sides, paths, photos, expected)
    if options.pairs:
        in_turns(options, sides, photos)
    if options.soak:
        soak(options, serve, photos, expected)


def compare(options, sides, paths, photos, expected):
    """Loads every side in turns, beside the batch command, and prints the medians."""
    found = {name: [] for name in sides}
    batch = []
    for _ in range(options.rounds):
        batch.append(command(options.model, paths)[0])
        for name, (make, path, tolerance) in sides.items():
            server = make()
            asyncio.run(load.run(server.port, path, photos, expected, 4, count=8, tolerance=tolerance))
            result, memory = measure(server, path, photos, expected, options, tolerance)
            server.stop()
            found[name].append((result, memory, server.start_seconds))
    middle = statistics.median
    rate = middle(batch)
    print(f"| side | photos/s | ÷ command | p50 s | p99 s | start s | MB | wrong |\n|---|---|---|---|---|---|---|---|")
    print(f"| vernier score, one command | {rate:.1f} | 1 | | | | | |")
    for name, rounds in found.items():
        ratio = middle(one[0].rate / own for one, own in zip(rounds, batch))
        half, most = (middle(one[0].percentile(share) for one in rounds) for share in (.5, .99))
        print(f"| {name} | {middle(one[0].rate for one in rounds):.1f} | {ratio:.2f} | {half:.2f} | {most:.2f} "
              f"| {middle(one[2] for one in rounds):.2f} | {middle(one[1] for one in rounds):.0f} "
              f"| {sum(one[0].wrong for one in rounds)} of {sum(one[0].right + one[0].wrong for one in rounds)} |")
    if "LitServe, ONNX Runtime" in found:
        ours, theirs = found["vernier serve"], found["LitServe, ONNX Runtime"]
        print("ours ÷ peer, median of the rounds: "
              f"requests/s {middle(a[0].rate / b[0].rate for a, b in zip(ours, theirs)):.2f}, "
              f"start {middle(a[2] / b[2] for a, b in zip(ours, theirs)):.2f}, "
              f"memory {middle(a[1] / b[1] for a, b in zip(ours, theirs)):.2f}")


def in_turns(options, sides, photos):
    """What a photo costs each side beside `vernier serve`, one connection each."""
    ours = sides["vernier serve"][0]()
    for name in list(sides)[1:]:
        make, path, _ = sides[name]
        other = make()
        ratio, costs = paired((ours, "/v1/score"), (other, path), photos, options.pairs)
        print(f"in turns: vernier serve {costs[0][0]:.0f} ms (processor {costs[0][1]:.0f} ms), "
              f"{name} {costs[1][0]:.0f} ms (processor {costs[1][1]:.0f} ms); ratio {ratio:.2f}, "
              f"of processor time {costs[0][1] / costs[1][1]:.2f}", flush=True)
        other.stop()
    ours.stop()


def soak(options, serve, photos, expected):
    """Loads one service for long, kills it twice, and says what happened to its memory."""
    server = serve()
    minutes = []

    async def watch():
        start = time.perf_counter()
        kills = [options.soak * 0.8, options.soak * 0.9]
        while (elapsed := time.perf_counter() - start) < options.soak:
            if kills and elapsed >= kills[0]:
                kills.pop(0)
                server.process.kill()
                server.process.wait()
                await asyncio.to_thread(server.start)
            elif len(kills) == 2:
                minutes.append((elapsed, server.memory()))
            await asyncio.sleep(1)

    result = asyncio.run(load.run(server.port, "/v1/score", photos, expected, options.connections, options.soak,
                                  meanwhile=watch))
    server.stop()
    early = [memory for elapsed, memory in minutes if options.soak * 0.1 <= elapsed < options.soak * 0.2]
    late = [memory for elapsed, memory in minutes if elapsed >= options.soak * 0.7]
    print(f"soak: {options.connections} connections for {result.seconds:.0f} s: {result.right} right, "
          f"{result.wrong} wrong, {result.broken} connections broken by 2 kills and asked again, {result.busy} times busy; "
          f"p50 {result.percentile(.5):.2f} s, p99 {result.percentile(.99):.2f} s; "
          f"memory {statistics.median(early):.0f} MB early, {statistics.median(late):.0f} MB late, "
          f"at most {max(memory for _, memory in minutes):.0f} MB")


if __name__ == "__main__":
    main()
