"""Load on a scoring service: many connections that each send one photo after the other and check every answer."""
import asyncio
import json
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came back."""

    seconds: float = 0
    right: int = 0
    wrong: int = 0
    # Sent again: the service was busy, or the connection broke.
    busy: int = 0
    broken: int = 0
    latencies: list = field(default_factory=list)

    @property
    def rate(self):
        return self.right / self.seconds

    def percentile(self, share):
        return sorted(self.latencies)[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


async def exchange(reader, writer, path, body):
    """One request on an open connection: the status and the body of its answer."""
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    lines = head.lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:"))
    return status, await reader.readexactly(length)


async def connection(port, path, photos, expected, tolerance, place, load, is_over):
    """Sends photos until it is over; each is sent until it is answered."""
    reader = writer = None
    while not is_over():
        photo = place % len(photos)
        place += 1
        start = time.perf_counter()
        while True:
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                status, body = await exchange(reader, writer, path, photos[photo])
            except (OSError, asyncio.IncompleteReadError):
                load.broken += 1
                if writer is not None:
                    writer.close()
                writer = None
                await asyncio.sleep(0.05)
                continue
            if status != 429:
                break
            load.busy += 1
            await asyncio.sleep(0.05)
        load.latencies.append(time.perf_counter() - start)
        score = json.loads(body)["score"] if status == 200 else None
        if score is not None and abs(score - expected[photo]) <= tolerance:
            load.right += 1
        else:
            load.wrong += 1
    if writer is not None:
        writer.close()


async def run(port, path, photos, expected, connections, seconds=None, count=None, tolerance=0.0, meanwhile=None):
    """Keeps so many connections busy for a time, or until so many photos are answered.

    `meanwhile` is a coroutine function that runs beside it.
    """
    load, start = Load(), time.perf_counter()

    def is_over():
        if count is not None:
            return load.right + load.wrong >= count
        return time.perf_counter() - start >= seconds

    beside = asyncio.create_task(meanwhile()) if meanwhile else None
    await asyncio.gather(*(
        connection(port, path, photos, expected, tolerance, place, load, is_over) for place in range(connections)))
    load.seconds = time.perf_counter() - start
    if beside:
        await beside
    return load
