# SPDX-License-Identifier: MIT
"""What Loxone's devices say before any login: responders made from the
documented bytes (facts, sections 1.4, 1.9 and 1.10), nginx where they speak
HTTP or TLS. The Audioserver speaks TLS on 7091 and plainly on 7095, the
Intercom plainly; the Miniserver answers on 80 and 443. What has no documented
words on TCP accepts and stays silent."""

import base64
import hashlib
import json

WEB = 8000                      # behind nginx, on loopback
AUDIO = 8091
SILENT = {1: (4070, 7100, 57621), 0: (47808,)}  # device: ports
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
FIRMWARE = "15.2.09.27"
TOKEN = "0123456789abcdef" * 4
TEXT = 0x81


def head_of(peer):
    """(request line, {header: value}) once it is complete."""
    end = peer.data.find(b"\r\n\r\n")
    if end < 0:
        return None, {}
    lines = peer.data[:end].decode("latin-1").split("\r\n")
    peer.data = peer.data[end + 4:]
    pairs = (line.partition(":") for line in lines[1:])
    return lines[0], {n.strip().lower(): v.strip() for n, _, v in pairs}


def page(status, kind, body, *headers):
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}",
                        f"Content-Length: {len(body)}", *headers, "",
                        body]).encode()


def web_reply(peer):
    """The pages of each, by the address that nginx was asked at."""
    from network import DEVICES
    line, headers = head_of(peer)
    if line is None:
        return b""
    path, at = line.split(" ")[1], headers.get("x-lab-device")
    if at == DEVICES[0] and path == "/jdev/cfg/apiKey":
        value = ("{'snr':'50:4F:94:A0:00:01','version':'17.0.3.31',"
                 "'key':'00','isInTrust':false,'local':true,"
                 f"'address':'{at}','httpsStatus':1}}")
        return page("200 OK", "application/json", json.dumps(
            {"LL": {"control": "dev/cfg/apiKey", "value": value,
                    "Code": "200"}}))
    if at == DEVICES[2] and path.startswith(("/mjpg/", "/jpg/")):
        return page("401 Unauthorized", "text/html", "",
                    'WWW-Authenticate: Basic realm="Intercom"')
    if path != "/":
        return page("404 Not Found", "text/html", "")
    return page("200 OK", "text/html", "<title>lab device</title>\n")


def frame(text):
    """Of a server, in one piece (RFC 6455 section 5.2)."""
    data = text.encode()
    size = (bytes((len(data),)) if len(data) < 126 else
            b"\x7e" + len(data).to_bytes(2, "big"))
    return bytes((TEXT,)) + size + data


def upgrade(headers, protocol, first):
    """101, and the first words."""
    key = headers.get("sec-websocket-key", "").encode()
    if protocol not in headers.get("sec-websocket-protocol", ""):
        return page("400 Bad Request", "text/plain", "")
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
    return "\r\n".join([
        "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
        "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept}",
        f"Sec-WebSocket-Protocol: {protocol}", "", ""]).encode() + \
        frame(first)


def audio(greeting):
    def reply(peer):
        line, headers = head_of(peer)
        if line is None:
            return b""
        if headers.get("upgrade", "").lower() == "websocket":
            return upgrade(headers, "remotecontrol", greeting + " | "
                           f"~API:1.6~ | Session-Token: {TOKEN}")
        if line.split(" ")[1] == "/audio/cfg/ready":
            return page("200 OK", "application/json", json.dumps(
                {"ready_result": {"session": 1},
                 "command": "audio/cfg/ready"}))
        return page("404 Not Found", "text/plain", "")
    return reply


def intercom_reply(peer):
    line, headers = head_of(peer)
    if line is None:
        return b""
    return upgrade(headers, "webrtc-signaling", json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": "authenticate",
         "params": [TOKEN, "c0ffee" * 40, "010001", "-----BEGIN"]}))


def airplay_reply(peer):
    """OPTIONS, as a receiver of AirPlay answers it (RFC 2326)."""
    line, headers = head_of(peer)
    if line is None:
        return b""
    status = "200 OK" if line.startswith("OPTIONS ") else "403 Forbidden"
    return "\r\n".join([
        f"RTSP/1.0 {status}", f"CSeq: {headers.get('cseq', '')}",
        "Public: ANNOUNCE, SETUP, RECORD, PAUSE, FLUSH, TEARDOWN, OPTIONS, "
        "GET_PARAMETER, SET_PARAMETER", "Server: AirTunes/105.1", "",
        ""]).encode()


def start_nginx(servers):
    from network import DEVICES
    listens = "".join(f"    listen {a}:80;\n    listen {a}:443 ssl;\n"
                      for a in DEVICES)
    certificate = servers.certificate("lan-device")
    servers.nginx("device", "nginx-device", (
        f"  server {{\n{listens}{certificate}"
        f"    location / {{ proxy_pass http://127.0.0.1:{WEB};\n"
        "      proxy_set_header X-Lab-Device $server_addr; }\n  }\n"), (
        f"  server {{\n    listen {DEVICES[1]}:7091 ssl;\n{certificate}"
        f"    proxy_pass 127.0.0.1:{AUDIO};\n  }}\n"))
    for address in DEVICES:
        servers.expect("device", "tcp", address, 80)
        servers.expect("device", "tcp", address, 443)
    servers.expect("device", "tcp", DEVICES[1], 7091)


def start(servers):
    import responders
    from network import DEVICES
    audio_plain = audio(f"MINISERVER V LWSS V {FIRMWARE} 504F94A00002")
    responders.TCP.update({
        "device-web": (b"", web_reply),
        "audio-app": (b"", audio(f"LWSS V {FIRMWARE}")),
        "audio-miniserver": (b"", audio_plain),
        "intercom": (b"", intercom_reply),
        "airplay": (b"", airplay_reply)})
    servers.respond("device", [
        ("device-web", "127.0.0.1", WEB), ("audio-app", "127.0.0.1", AUDIO),
        ("audio-miniserver", DEVICES[1], 7095),
        ("intercom", DEVICES[2], 7091), ("airplay", DEVICES[1], 7000),
        *[("accept", DEVICES[device], port)
          for device, ports in SILENT.items() for port in ports]])
    start_nginx(servers)
