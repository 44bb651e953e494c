"""A load generator on one thread: many connections, raw HTTP/1.1, as few instructions as Python allows.

Fifty threads would measure each other's waiting for the interpreter; one event loop measures the server.
"""

import asyncio
import json
import time


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request at a time."""

    def __init__(self):
        self.buffer, self.answer, self.need = b"", None, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        if self.need is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else 0
            self.status, self.start, self.need = int(self.buffer[9:12]), end + 4, end + 4 + length
        if len(self.buffer) >= self.need:
            body, self.buffer = self.buffer[self.start:self.need], self.buffer[self.need:]
            self.need, answer, self.answer = None, self.answer, None
            answer.set_result((self.status, body))

    def connection_lost(self, error):
        if self.answer:
            self.answer.set_exception(error or ConnectionError("closed"))

    async def send(self, data):
        if self.transport.is_closing():
            raise ConnectionError("the server closed the connection")
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return await self.answer


def request(method, path, port, body=None, **headers):
    """The bytes of one request."""
    text = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", f"Content-Length: {len(text)}",
             "Content-Type: application/json", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


async def run(port, count, seconds, act, think=0.0):
    """Runs `act(place, connection)` again and again on `count` connections; gives the times that it measured, in ms."""
    loop, times = asyncio.get_running_loop(), []
    connections = [(await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(count)]
    stop = time.perf_counter() + seconds

    async def work(place):
        await asyncio.sleep(think * place / count)
        while time.perf_counter() < stop:
            started = time.perf_counter()
            measured = await act(place, connections[place])
            if measured is not None:
                times.append(measured * 1000)
            if think:
                await asyncio.sleep(max(0, started + think - time.perf_counter()))

    await asyncio.gather(*(work(place) for place in range(count)))
    for connection in connections:
        connection.transport.close()
    return times
