# SPDX-License-Identifier: MIT
"""Starts the site's servers and waits until each of them listens."""

import glob
import os
import signal
import socket
import struct
import subprocess
import sys
import time

import internet
import network
import parts
import responders
from parts import link
from internet import BUILD, HERE, LabError, bracket, is_v6

READY_S = 15
POLL_S = 0.005
TRUNCATED = 0x02                # of the third byte: ask again by TCP

DEVICE_TCP = {"accept": (5000, 5108)}
DEVICE_UDP = {"sink": (5110, 7788, 8110, 8111, 8112, 8113, 57621)}

INTERCEPT_PORT = 30000
PRIVATE_TLS = """ssl_protocols TLSv1.2;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384;
    ssl_ecdh_curve prime256v1;
    ssl_verify_client optional_no_ca;"""


def find_program(name):
    root = os.path.join(BUILD, "root")
    for folder in (f"{root}/usr/sbin", f"{root}/usr/bin", f"{root}/sbin",
                   "/usr/sbin",
                   "/usr/bin", "/usr/local/sbin", "/usr/local/bin"):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    raise LabError(f"no program {name}: run tests/lab/fetch-servers")


def find_file(pattern):
    for root in (os.path.join(BUILD, "root"), ""):
        found = glob.glob(f"{root}{pattern}")
        if found:
            return found[0]
    raise LabError(f"no file {pattern}: run tests/lab/fetch-servers")


def library_path():
    found = glob.glob(os.path.join(BUILD, "root", "usr", "lib", "*-*")) + \
        glob.glob(os.path.join(BUILD, "root", "lib", "*-*"))
    return ":".join(sorted(found))


def dnsmasq_command(conf):
    """Not by -d, since then a question by TCP keeps all others waiting. But
    without it dnsmasq gives up its groups, which a namespace with a single
    user forbids; a wrapper lets it believe that it did."""
    return ["env", "LD_PRELOAD=" + find_file(
        "/usr/lib/*/libuid_wrapper.so"), "UID_WRAPPER=1",
        "UID_WRAPPER_ROOT=1", find_program("dnsmasq"), "-k", "-C", conf,
        "--log-facility=-"]


class Servers:
    def __init__(self, net_data, net, directory, scenario):
        self.data, self.net, self.dir = net_data, net, directory
        self.scenario = scenario
        self.processes = {}         # id: name
        self.expected = []          # (namespace, protocol, address, port)
        self.logged = {"delay": "ready"}  # who says it when it is ready
        self.false_clocks = set()   # whose time a part gives
        self.env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                    "LD_LIBRARY_PATH": library_path(), "LC_ALL": "C"}

    def file(self, name):
        return os.path.join(self.dir, name)

    def cert(self, name):
        return os.path.join(self.dir, "certs", name)

    def write(self, name, text):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.file(name)

    def expect(self, where, protocol, address, port):
        self.expected.append((where, protocol, address, port))

    def start(self, where, name, argv):
        """Each in a session of its own: the terminal's signals are the
        command's, not the servers'."""
        with self.net.inside(where), \
                open(self.file(name + ".log"), "wb") as log:
            child = subprocess.Popen(argv, env=self.env, stdout=log,
                                     stderr=log, stdin=subprocess.DEVNULL,
                                     start_new_session=True, cwd=self.dir)
        self.processes[child.pid] = name
        # Reaped by the site's one wait loop, not by subprocess.
        child.returncode = 0

    def log_of(self, name):
        try:
            with open(self.file(name + ".log"), errors="replace") as file:
                return file.read().strip()[-1500:]
        except OSError:
            return ""

    # Names and time

    def start_nsd(self):
        zones = {z: [] for z in self.data.zones}
        gone = {n for f in self.scenario.of("name-gone") for n in f["names"]}
        for host in self.data.hosts.values():
            zone = internet.zone_of(host.name, self.data.zones)
            if host.name in gone:
                continue
            for address in host.addresses + host.records:
                kind = "AAAA" if is_v6(address) else "A"
                zones[zone].append(f"{host.name}. {kind} {address}")
        addresses = [a for a, _, _ in self.data.endpoints("dns")]
        lines = ["server:", "  username: \"\"", "  chroot: \"\"",
                 "  database: \"\"", "  pidfile: \"\"", "  xfrdfile: \"\"",
                 f"  zonelistfile: \"{self.file('zone.list')}\"",
                 f"  xfrdir: \"{self.dir}\"", "  zonesdir: \"\"",
                 "  server-count: 1", "  round-robin: yes",
                 "  hide-version: yes", "  rrl-ratelimit: 0",
                 *[f"  ip-address: {a}" for a in addresses],
                 "remote-control:", "  control-enable: no"]
        for zone, records in {".": [], **zones}.items():
            origin = "." if zone == "." else zone + "."
            path = self.write(f"zone-{zone}.zone", "\n".join([
                f"$TTL {self.data.ttl}",
                f"{origin} SOA ns.sitewalk-lab.example. "
                "lab.sitewalk-lab.example. 1 3600 600 86400 30",
                f"{origin} NS ns.sitewalk-lab.example.", *records]) + "\n")
            lines += ["zone:", f"  name: \"{zone}\"",
                      f"  zonefile: \"{path}\""]
        conf = self.write("nsd.conf", "\n".join(lines) + "\n")
        self.start("inet", "nsd", [find_program("nsd"), "-d", "-c", conf])
        for address in addresses:
            self.expect("inet", "udp", address, 53)
            self.expect("inet", "tcp", address, 53)

    def start_dnsmasq(self):
        upstream = next(a for a, _, _ in self.data.endpoints("dns"))
        conf = self.write("dnsmasq.conf", "\n".join([
            "no-resolv", "no-hosts", "no-poll", "bind-interfaces",
            "listen-address=" + ",".join(network.GATEWAY),
            f"server={upstream}", "cache-size=1000", "user=root",
            "pid-file=" + self.file("dnsmasq.pid"),
            *self.scenario.dnsmasq_lines()]) + "\n")
        self.start("gw", "dnsmasq", dnsmasq_command(conf))
        for address in network.GATEWAY:
            self.expect("gw", "udp", address, 53)
            self.expect("gw", "tcp", address, 53)

    def start_chrony(self):
        """-x: none of them ever touches the machine's clock."""
        hosts = {h.name: h for _, _, h in self.data.endpoints("ntp")
                 if h.name not in self.false_clocks}
        for host in hosts.values():
            name = "chrony-" + host.name
            conf = self.write(name + ".conf", "\n".join([
                f"local stratum {host.stratum}", "allow all", "cmdport 0",
                "bindcmdaddress /", f"pidfile {self.file(name + '.pid')}",
                *[f"bindaddress {a}" for a in host.addresses]]) + "\n")
            self.start("inet", name, [find_program("chronyd"), "-x", "-d",
                                      "-u", "root", "-f", conf])
            for address in host.addresses:
                self.expect("inet", "udp", address, 123)

    # Web and TLS

    def nginx(self, where, name, http, stream):
        temp = "".join(f"  {kind}_temp_path {self.file(f'{name}-{kind}')};\n"
                       for kind in ("client_body", "proxy", "fastcgi",
                                    "uwsgi", "scgi"))
        module = find_file(
            "/usr/*/nginx/modules/ngx_stream_module.so")
        conf = self.write(name + ".conf", f"""load_module {module};
daemon off;
master_process off;
user root;
pid {self.file(name + '.pid')};
error_log stderr warn;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
{temp}  access_log off;
  default_type text/html;
  ssl_session_cache off;
  ssl_session_tickets off;
  server_names_hash_bucket_size 128;
{http}}}
stream {{
  ssl_session_cache off;
  ssl_session_tickets off;
{stream}}}
""")
        self.start(where, name, [find_program("nginx"), "-p", self.dir,
                                 "-e", "stderr", "-c", conf])

    def locations(self, host):
        out = ["    location / { return 200 '<title>lab</title>\\n'; }\n"]
        for item in self.data.content.get(host.name, []):
            path = item["path"]
            match = f"= {path}"
            body = item.get("body", "").replace("'", "\\'")
            status = item.get("status", 200)
            answer = f"return {status}" + (f" '{body}'" if body else "")
            out.append(f"    location {match} {{ default_type "
                       f"{item.get('type', 'text/html')}; {answer}; }}\n")
        return "".join(out)

    def start_web(self):
        http, stream = [], []
        for host in self.data.hosts.values():
            listens = []
            for service in host.services:
                ports = {"web": [(80, ""), (443, " ssl http2")],
                         "http": [(service.low, "")],
                         "https": [(service.low, " ssl http2")],
                         "h2": [(service.low, " ssl http2")],
                         }.get(service.kind, [])
                listens += [f"    listen {bracket(a)}:{port}{flags};\n"
                            for port, flags in ports for a in host.addresses]
                for a in host.addresses:
                    for port, _ in ports:
                        self.expect("inet", "tcp", a, port)
            if not listens:
                continue
            http.append(f"  server {{\n{''.join(listens)}"
                        f"    server_name {host.name};\n"
                        f"{self.certificate_of(host)}"
                        f"{self.locations(host)}  }}\n")
        for kind, extra in (("tls", ""), ("private", PRIVATE_TLS)):
            for address, service, host in self.data.endpoints(kind):
                self.expect("inet", "tcp", address, service.low)
                stream.append(
                    f"  server {{\n    listen {bracket(address)}:"
                    f"{service.low} ssl;\n{self.certificate_of(host)}"
                    f"    {extra}\n"
                    f"    proxy_pass unix:{self.file('silent.sock')};"
                    "\n  }\n")
        self.nginx("inet", "nginx-inet", "".join(http), "".join(stream))

    def certificate_of(self, host):
        """The vendor's own, which may be a wrong one."""
        for fault in self.scenario.of("vendor-certificate"):
            if host.name in fault["hosts"]:
                return self.certificate(f"{fault['state']}-{host.group}")
        return self.certificate(host.group)

    def certificate(self, name):
        return (f"    ssl_certificate {self.cert(name + '.crt')};\n"
                f"    ssl_certificate_key {self.cert(name + '.key')};\n")

    def start_device(self):
        rows = []
        for table in (DEVICE_TCP, DEVICE_UDP):
            rows += [(kind, "0.0.0.0", port)
                     for kind, ports in table.items() for port in ports]
        self.respond("device", rows)

    def start_interceptor(self):
        """A proxy like a customer's: own certificate, the origin's page."""
        ports = self.scenario.intercepted_ports()
        if not ports:
            return
        resolver = f"resolver {network.GATEWAY[0]} ipv6=off;"
        minted = self.scenario.minting_authority()
        http, stream = [], []
        for index, port in enumerate(ports):
            mine = INTERCEPT_PORT + index
            if self.scenario.exempt_names(port):
                stream.append(self.exempting(mine, port, resolver))
            listens = (f"    listen {mine} ssl http2;\n"
                       f"    listen [::]:{mine} ssl http2;\n")
            self.expect("gw", "tcp", "0.0.0.0", mine)
            if port not in self.scenario.web_ports(self.data):
                stream.append(
                    f"  server {{\n{listens.replace(' http2', '')}"
                    "    ssl_certificate $minted.crt;\n"
                    "    ssl_certificate_key $minted.key;\n"
                    f"    {resolver}\n    proxy_ssl on;\n"
                    "    proxy_ssl_server_name on;\n"
                    "    proxy_ssl_name $ssl_server_name;\n"
                    f"    proxy_pass $ssl_server_name:{port};\n  }}\n")
                continue
            for group in self.data.certified_groups():
                names = " ".join(self.data.web_names(group.name))
                http.append(
                    f"  server {{\n{listens}    server_name {names};\n"
                    f"{self.certificate(f'{minted}-{group.name}')}"
                    f"    {resolver}\n    location / {{ proxy_pass "
                    f"https://$host:{port}; proxy_ssl_server_name on; "
                    "proxy_ssl_name $host; proxy_set_header Host $host; "
                    "}\n  }\n")
        self.nginx("gw", "nginx-intercept", "".join(http),
                   self.minted() + "".join(stream))

    def minted(self):
        """Which certificate the proxy shows for which name."""
        groups = self.data.certified_groups()
        kind = self.scenario.minting_authority()
        rows = [f"    {name} {self.cert(f'{kind}-{group.name}')};\n"
                for group in groups
                for name in self.data.web_names(group.name)]
        return ("  map_hash_bucket_size 128;\n"
                "  map $ssl_server_name $minted {\n"
                f"    default {self.cert(f'{kind}-{groups[0].name}')};\n"
                + "".join(rows) + "  }\n")

    def exempting(self, mine, port, resolver):
        """Reads the name in the hello; those of the list pass unopened."""
        first = mine + network.EXEMPT_ASIDE
        rows = "".join(f"    {n} {n}:{port};\n"
                       for n in self.scenario.exempt_names(port))
        self.expect("gw", "tcp", "0.0.0.0", first)
        return (f"  map $ssl_preread_server_name $pass{port} {{\n{rows}"
                f"    default 127.0.0.1:{mine};\n  }}\n"
                f"  server {{\n    listen {first};\n    listen [::]:{first};"
                f"\n    ssl_preread on;\n    {resolver}\n"
                f"    proxy_pass $pass{port};\n  }}\n")

    # The rest

    def respond(self, where, rows):
        with self.net.inside(where):
            try:
                pid = responders.start(rows)
            except OSError as error:
                raise LabError(f"the responders in {where}: {error}")
        self.processes[pid] = f"responders in {where}"

    def start_responders(self):
        rows = [("accept", self.file("silent.sock"), 0)]
        for address, service, _ in self.data.endpoints("accept"):
            rows.append((service.kind, address, service.low))
        for address, service, _ in self.data.endpoints("sink"):
            if service.low == service.high:
                rows.append(("sink", address, service.low))
        self.respond("inet", rows)

    def queue_transit(self):
        program = find_program("xtables-nft-multi")
        modules = os.path.join(os.path.dirname(find_file(
            "/usr/lib/*/xtables/libxt_NFQUEUE.so")))
        env = {**self.env, "XTABLES_LIBDIR": modules}
        for name, icmp in (("iptables-restore", "icmp"),
                           ("ip6tables-restore", "icmpv6")):
            with self.net.inside("isp"):
                done = subprocess.run(
                    [program, name], input=network.delay_rules(
                        icmp, link.rules(self.scenario, self.data,
                                         icmp == "icmpv6")),
                    env=env, capture_output=True, text=True)
            if done.returncode != 0:
                raise LabError(f"{name}: {done.stderr.strip()}")

    def start_delay(self):
        self.queue_transit()
        transit_us = self.scenario.transit_us()
        out, back, own = (network.QUEUE_OUT, network.QUEUE_BACK,
                          network.QUEUE_ISP)
        quality = link.quality(self.scenario)
        self.start("isp", "delay", [
            os.path.join(BUILD, "delay"), f"{out}:{transit_us}{quality}",
            f"{back}:{transit_us}{quality}",
            f"{own}:{network.ISP_REPLY_US}{quality}",
            *link.lanes(self.scenario, transit_us)])

    def start_flows(self):
        """Only for who asks for it: it looks at every packet."""
        self.start("gw", "flows", [
            sys.executable, os.path.join(HERE, "flows.py"), "port0",
            self.file("flows")])
        self.logged["flows"] = "ready"

    def start_capture(self, path):
        self.start("gw", "capture", [
            sys.executable, os.path.join(HERE, "capture.py"), "port0", path])
        self.logged["capture"] = "ready"

    def start_all(self):
        self.start_delay()
        self.start_nsd()
        self.start_dnsmasq()
        self.start_responders()
        self.start_web()
        self.start_device()
        self.start_interceptor()
        parts.call("start", self)
        if not self.scenario.is_stopped("ntp"):
            self.start_chrony()

    def check_alive(self):
        """Names a server that ended; nothing else ends before the end."""
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.report_end(pid)

    def report_end(self, pid):
        name = self.processes.pop(pid, None)
        if name is not None:
            raise LabError(f"{name} ended:\n{self.log_of(name)}")

    def wait_ready(self):
        deadline = time.monotonic() + READY_S
        while True:
            self.check_alive()
            missing = self.missing()
            if not missing:
                break
            if time.monotonic() > deadline:
                raise LabError(f"not ready after {READY_S} s: "
                               + "; ".join(missing[:5]))
            time.sleep(POLL_S)
        self.wait_resolver(deadline)

    def missing(self):
        out = []
        for where in self.net.fds:
            wanted = {e[1:] for e in self.expected if e[0] == where}
            if wanted:
                with self.net.inside(where):
                    seen = listening()
                out += [f"{where} {p} {a} {n}" for p, a, n in wanted - seen]
        out += [f"{name}: {self.log_of(name)}" for name, word in
                self.logged.items() if word not in self.log_of(name)]
        return out

    def wait_resolver(self, deadline):
        """One question all the way: laptop, gateway, internet, and back."""
        if self.scenario.of("dns-dead"):
            return
        question = (b"\0\7\1\0\0\1\0\0\0\0\0\0\2ns\x0csitewalk-lab\7example"
                    b"\0\0\1\0\1")
        with self.net.inside("laptop"), \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.2)
            while time.monotonic() < deadline:
                sock.sendto(question, (network.GATEWAY[0], 53))
                try:
                    answer = sock.recv(512)
                except (TimeoutError, ConnectionError):
                    self.check_alive()
                    continue
                if struct.unpack("!H", answer[6:8])[0] > 0 or \
                        answer[2] & TRUNCATED:
                    return
        raise LabError("the site's resolver does not answer")


def listening():
    """(protocol, address, port) of this thread's namespace's sockets."""
    found = set()
    for name, protocol, state in (("tcp", "tcp", "0A"), ("tcp6", "tcp", "0A"),
                                  ("udp", "udp", "07"),
                                  ("udp6", "udp", "07")):
        try:
            with open(f"/proc/thread-self/net/{name}") as file:
                lines = file.readlines()[1:]
        except OSError:
            continue
        for line in lines:
            parts = line.split()
            if parts[3] == state:
                address, port = parts[1].split(":")
                found.add((protocol, unhex(address), int(port, 16)))
    return found


def unhex(text):
    raw = b"".join(struct.pack("=I", int(text[i:i + 8], 16))
                   for i in range(0, len(text), 8))
    kind = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
    return socket.inet_ntop(kind, raw)
