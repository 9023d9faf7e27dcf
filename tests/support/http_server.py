#!/usr/bin/env python3
"""http_server.py LOG [--tls CERTIFICATE KEY] [--port N]: a web server for tests on 127.0.0.1 that behaves as the path
asks. Prints its port on the first line. Each request whose headers and body came whole is one JSON line of LOG.

  /ok /status/N /redirect     an answer
  /fail/N/NAME                503 to the first N requests of that path, then 200
  /hang /slow                 no answer; a byte of it a second
  /huge /huge-chunked /long-header   more than anyone wants
  /garbage /close /cut /cut-chunk    no HTTP; nothing; half an answer
  /interim /no-length         100s before the answer; its end is the end of the connection
  /early                      413 before the body is read
  /api/v1/query               what LOG.prometheus holds, 404 without it
"""

import argparse
import json
import os
import socket
import ssl
import sys
import threading
import time

STATUS = {200: "OK", 204: "No Content", 302: "Found", 401: "Unauthorized", 404: "Not Found", 413: "Too Large",
          503: "Service Unavailable"}
failed = {}
lock = threading.Lock()


def answer(status, body=b"", headers=()):
    head = [f"HTTP/1.1 {status} {STATUS.get(status, 'Status')}", f"Content-Length: {len(body)}",
            "Content-Type: text/plain"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + body


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None, b""
        data += more
        if data[:1] == b"\x16":  # TLS where plain HTTP is spoken: what servers say then
            connection.sendall(answer(400))
            return None, b""
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def read_request(connection):
    head, body = read_head(connection)
    if head is None:
        return None
    lines = head.split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = [line.split(": ", 1) for line in lines[1:]]
    length = int({name.lower(): value for name, value in headers}.get("content-length", "0"))
    if path == "/early":
        return {"method": method, "path": path, "headers": headers, "body": ""}
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return None
        body += more
    return {"method": method, "path": path, "headers": headers, "body": body.decode("utf-8", "replace")}


def trickle(connection):
    for byte in answer(200, b"slow"):
        connection.sendall(bytes([byte]))
        time.sleep(1)


def huge(connection, chunked):
    length = "Transfer-Encoding: chunked" if chunked else "Content-Length: 10000000000"
    connection.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
    piece = b"x" * 65536
    framed = b"10000\r\n" + piece + b"\r\n" if chunked else piece
    for _ in range(1000):
        connection.sendall(framed)


PLAIN = {
    "/ok": lambda: answer(200, b"fine", ["X-Seen: yes"]),
    "/redirect": lambda: answer(302, headers=["Location: /ok"]),
    "/garbage": lambda: b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n\x00\xff\x1b[31m",
    "/close": lambda: b"",
    "/cut": lambda: b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    "/cut-chunk": lambda: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf",
    "/interim": lambda: b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + answer(200, b"at last"),
    "/no-length": lambda: b"HTTP/1.1 200 OK\r\n\r\nuntil the end",
    "/long-header": lambda: b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100000 + b"\r\n\r\n",
    "/early": lambda: answer(413, b"no"),
}


def respond(connection, path, log):
    if path == "/hang":
        time.sleep(60)
    elif path == "/slow":
        trickle(connection)
    elif path.startswith("/huge"):
        huge(connection, path == "/huge-chunked")
    elif path == "/api/v1/query":
        held = os.path.exists(log + ".prometheus")
        connection.sendall(answer(200, open(log + ".prometheus", "rb").read()) if held else answer(404))
    elif path.startswith("/status/"):
        connection.sendall(answer(int(path.split("/")[2]), b"as asked"))
    elif path.startswith("/fail/"):
        with lock:
            failed[path] = failed.get(path, 0) + 1
            bad = failed[path] <= int(path.split("/")[2])
        connection.sendall(answer(503 if bad else 200))
    else:
        connection.sendall(PLAIN.get(path, lambda: answer(404))())


def serve(connection, log, context):
    try:
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        request = read_request(connection)
        if request is None:
            return
        with lock, open(log, "a", encoding="utf-8") as out:
            out.write(json.dumps(request) + "\n")
        respond(connection, request["path"], log)
    except OSError:
        pass  # the client left, as tests of deadlines want it to
    finally:
        connection.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    listener = socket.create_server(("127.0.0.1", options.port))
    print(listener.getsockname()[1], flush=True)
    # Whoever started it holds the other end of its input: it does not outlive a test that was killed.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, options.log, context), daemon=True).start()


main()
