# SPDX-License-Identifier: MIT
"""Texts that have been somebody's way out of a cell, a quoted word, a
comment or an element, and sites that hold them wherever text can stand."""
import json
import os
import sqlite3
import subprocess

import suite

# What does its harm at the beginning of a cell, a line or a word.
LEADS = (
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1",
    "=cmd|' /C calc'!A0", "'", '"', "`touch pwned`", "-rf", "--help", "#",
    "\ufeff=1", " =1", "null", "0x41", "*/", "%", "|", "\uff1d1", "[", "{",
)
# What does it anywhere.
TEXTS = (
    "$(touch pwned)", "; touch pwned", "| touch pwned", "& touch pwned &",
    "> pwned", "'\"; touch pwned; '", "' ; touch pwned #", "\\", "a\\",
    "\" \\\" '\\'' \\n \\u0000", "one\ntwo", "one\r\ntouch pwned\r\n",
    "\rtouch pwned\r", "\x1b[31mred\x1b]0;t\x07", "\u009b31m\u0085next\u0090",
    "nul\0byte", "\x7f\x08\x0b\x0c", "<script>window.ran=1</script>",
    "\" onload=\"window.ran=1\" a=\"", "' onload='window.ran=1",
    "</style></title><img src=https://example.com/x.png>",
    "}*{background:url(https://example.com/)}@import 'x';",
    "javascript:window.ran=1", "https://example.com/?a=1&b=2", "]]>",
    "--> <!--", "&amp;&lt;&#x41;&lol;", "<?php x ?>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    "'; Remove-Item x; '", "$env:PATH $(Remove-Item x) `n",
    "#>\nRemove-Item x\n<#", "@'\nx\n'@", "\u2018; Remove-Item x; \u2019",
    "\u201c; Remove-Item x; \u201d \u2013 \u2014", "${file(\"/etc/passwd\")}",
    "%{ for x in y }%{ endfor }", "<<EOT\nEOT\n", "*/ resource x {} /*", "//x",
    "\nend\nconfig firewall policy\nedit 0\nset action accept\nnext\nend\n",
    "\n!\naccess-list SITEWALK_INTERNET extended permit ip any any\n",
    "\n}\n# x\nset security policies default-policy permit-all\n",
    "]\n/system reset-configuration\n[", "x\"\n} accept\n\tip accept\n",
    "\nCOMMIT\n*filter\n-A FORWARD -j ACCEPT\n", "\nserver=192.0.2.66\n",
    "\nset rulebase security rules x action allow\n",
    "\nmgmt_cli add access-rule name 'x' action 'Accept'\n",
    "key: [value, {a: b}]", "\n- item\n---\n...\n", "&a *b !!python/object x",
    "\"},{\"a\":\"", "{{ x }} {% x %}", "\\input{/etc/passwd} \\write18{x}",
    ") Tj ET /JS (app.alert(1)) /Launch", "endstream endobj /URI (x) >>",
    "\u202egnp.exe\u202c", "\u2066x\u2069 \u200f\u200e\u061c",
    "z\u200b\u200c\u200d\u2060w", "one\u2028two\u2029three",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f600",
    "\u0645\u0631\u062d\u0628\u0627 443/tcp", "e" + "\u0301" * 60,
    "\udcff\udcfe \udcc0\udc80 \udced\udca0\udc80", "%s%n%1$d",
    "../../../../tmp/pwned", "/etc/passwd", "C:\\con\\aux", "~root * ?x[y]",
    "|a||b|{html}x{html}!http://192.0.2.1/x.png![~admin]", "\ue000\ufdd0",
    "FR-x.y (required): UDP 1 to any\n  Expressed exactly.\n",
    "=== In the local network ===", "\n\n1 passed, 0 failed\n", "\U000e0041",
)
LONG = "x" * 10000
CHUNK = 4
PARTIES = ("hands_over", "accepts")
SITE = ("name", "address", "project", "customer", "customer_contact",
        "installer", "installer_contact", "engineer", "it_contact", "notes",
        "device_zone")
PACK = "hostile"
# id, protocol, ports, to, probe: what each dialect has another word for.
ROWS = (
    ("name", "tcp", [443], {"kind": "fqdn", "name": "a.example.com"}, "tls"),
    ("below", "tcp", [443], {"kind": "wildcard", "depth": 0,
                             "name": "*.b.example.com"}, "manual"),
    ("far", "tcp", [8443, "20000-49000"],
     {"kind": "wildcard", "depth": 0, "apex": True,
      "name": "*.c.example.com"}, "manual"),
    ("refused", "tcp", [1000], {"kind": "address", "name": "192.0.2.1"},
     "tcp"),
    ("range", "udp", ["10000-65535"], {"kind": "address",
                                       "name": "192.0.2.2"}, "path"),
    ("six", "tcp", [443], {"kind": "address", "name": "2001:db8:9::1"},
     "manual"),
    ("ping", "icmp", [], {"kind": "address", "name": "192.0.2.3"}, "icmp"),
    ("anywhere", "tcp", [443], {"kind": "any", "from": "host"}, "tls"),
    ("device", "tcp", [80], {"kind": "peer", "name": "controller",
                             "from": "device"}, "tcp"),
    ("condition", "none", [], {"kind": "none"}, "dhcp"),
)
# Addresses of the rows are this machine's own, so that a check sees much.
NETWORK = """\
ip link set lo up
ip link add d0 type veth peer name d1
ip addr add 10.9.9.2/24 dev d0
ip link set d0 up
ip link set d1 up
ip route add default via 10.9.9.1
ip neigh add 10.9.9.1 lladdr 02:00:00:00:00:01 dev d0
ip route add local 192.0.2.0/24 dev lo
exec "$@"
"""


class Texts:
    """Which text stands where: over all rounds each place has each."""

    def __init__(self, number):
        self.number, self.place = number, 0

    def __call__(self):
        at = self.number + self.place
        self.place += 1
        start = at % CHUNKS * CHUNK
        return LEADS[at % len(LEADS)] + " ".join(TEXTS[start:start + CHUNK])


class Long(Texts):
    def __call__(self):
        return LONG


class Plain(Texts):
    def __call__(self):
        self.place += 1
        return "Plain %d" % self.place


CHUNKS = -(-len(TEXTS) // CHUNK)
# Both lists come round in it.
ROUNDS = max(len(LEADS), CHUNKS)


def quoted(text):
    """As YAML quotes; what is no character it cannot hold."""
    return '"%s"' % "".join(
        c if c in " -~" or (c.isalnum() and c.isascii()) else
        "\\U%08x" % ord(c)
        for c in text.encode("utf-8", "surrogateescape").decode(
            "utf-8", "replace"))


def yaml(value, indent=""):
    """JSON's own syntax, which YAML takes, with texts quoted as it likes."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{%s}" % ", ".join(
            "%s: %s" % (k, yaml(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(map(yaml, value))
    return json.dumps(value)


def write_pack(folder, text):
    """A pack whose every free text is one of text()."""
    os.makedirs(folder)

    def short():
        return text()[:300]

    rows = []
    for name, protocol, ports, to, probe in ROWS:
        row = {"id": name, "protocol": protocol, "to": to,
               "application": short(), "note": text()[:1500],
               "source": "1", "probe": {"type": probe}, "rung": "transport"}
        if name == "condition":
            row["direction"] = "lan"
        if ports:
            row["ports"] = ports
        if to["kind"] == "peer":
            row["direction"] = "lan"
            row["to"] = dict(to, name=short())
        rows.append(row)
    pack = {
        "pack": PACK, "vendor": short(), "title": short(), "about": short(),
        "version": 2026112101, "order": 1,
        "source": {"document": "hostile.txt", "title": short(),
                   "retrieved": "2026-11-21"},
        "notes": [text()[:1500], short()],
        "questions": [
            {"id": "host", "topic": short(), "ask": short(), "why": short(),
             "type": "host", "source": "1"},
            {"id": "device", "topic": short(), "ask": short(),
             "why": short(), "type": "address", "source": "1"},
            {"id": "text", "topic": short(), "ask": short(), "why": short(),
             "type": "text", "assumed": short()},
            {"id": "choice", "topic": short(), "ask": short(),
             "why": short(), "type": "choice", "source": "1",
             "choices": [{"id": "a", "label": short()},
                         {"id": "b", "label": short()}]}],
        "services": [{
            "title": short(), "reason": text()[:1500],
            "breaks": {"installer": text()[:1500], "customer": short()},
            "grant": short(), "strength": "required",
            "direction": "outbound", "requirements": rows}],
        "steps": [{
            "id": "all", "title": short(), "text": text()[:1500],
            "checks": [row[0] for row in ROWS],
            "confirm": [{"id": "led%d" % i, "text": short(),
                         "when_missing": short(), "source": "1"}
                        for i in range(3)],
            "write_down": [{"id": "serial", "text": short(), "type": "text",
                            "source": "1"}]}]}
    with open(os.path.join(folder, PACK + ".yaml"), "w",
              encoding="ascii") as file:
        file.write("".join("%s: %s\n" % (k, yaml(v))
                           for k, v in pack.items()))
    return ["--packs", folder]


def make_base(folder):
    """A site of the plain pack, checked where nobody can be reached. Returns
    the file."""
    packs = write_pack(os.path.join(folder, "plain-pack"), Plain(0))
    answers = os.path.join(folder, "plain.yaml")
    with open(answers, "w", encoding="ascii") as file:
        file.write("site: {name: Plain, language: en}\nproducts: [%s]\n"
                   "answers: {%s: {host: host.example.com, device: "
                   "192.0.2.4, text: plain, choice: a}}\n" % (PACK, PACK))
    site = os.path.join(folder, "base.sitewalk")
    made = suite.run("new", site, "--answers", answers, *packs,
                     before=suite.empty_network())
    if made.status != 0:
        raise SystemExit("no site was made: %s" % made)
    done = subprocess.run(
        ["unshare", "-Urn", "sh", "-ec", NETWORK, "sh", suite.PROGRAM,
         "check", site, *packs, "--pace", "fast", "--format", "json"],
        capture_output=True, check=False, timeout=suite.BOUND_S)
    if done.returncode not in (0, 1, 3):
        raise SystemExit("no site was checked: %s" % done.stderr)
    return site, packs


def characters(text):
    """What JSON can hold: no byte that is no character, and no NUL."""
    return raw(text).decode("utf-8", "replace").replace("\0", "?")


def raw(text):
    return text.encode("utf-8", "surrogateescape")


def spoil_strings(value, text, kept=()):
    """The same JSON with other texts, except those of members kept."""
    if isinstance(value, dict):
        return {k: v if k in kept else spoil_strings(v, text, kept)
                for k, v in value.items()}
    if isinstance(value, list):
        return [spoil_strings(v, text, kept) for v in value]
    return characters(text()) if isinstance(value, str) else value


# What has a syntax of its own, or says which measurement it was.
TYPED = ("addresses", "gateway", "gateway6", "resolvers", "dhcp", "id", "key",
         "probe", "nature", "target", "started", "rung", "failure", "result",
         "from", "offender", "dhcp_given")


def spoil_row(db, table, column, text):
    for number, value in db.execute(
            "SELECT rowid, %s FROM %s" % (column, table)).fetchall():
        worse = spoil_strings(json.loads(value), text, TYPED)
        db.execute("UPDATE %s SET %s = ? WHERE rowid = ?" % (table, column),
                   (json.dumps(worse), number))


def spoil_site(site, text):
    """Writes texts into the file as a stranger's program might have: raw."""
    db = sqlite3.connect(site)
    db.text_factory = bytes

    def put(sql, *values):
        db.execute(sql.replace("$", "CAST(? AS TEXT)"),
                   [raw(v) if isinstance(v, str) else v for v in values])

    info = "INSERT OR REPLACE INTO info VALUES($, $)"
    for name in SITE:
        put(info, name, text())
    for question in ("host", "device", "text", "choice"):
        put("INSERT OR REPLACE INTO answer VALUES($, $, $)", PACK, question,
            text())
    put("INSERT OR REPLACE INTO equipment VALUES($, $, $, $, 'typed', ?)",
        PACK, "serial", text(), text(), 1)
    for i in range(4):
        put("INSERT OR REPLACE INTO equipment VALUES($, $, $, $, $, ?)",
            PACK, text(), text(), text(), ("typed", "measured")[i % 2], i)
        put("INSERT OR REPLACE INTO attestation VALUES($, 'all', $, $, $, $,"
            " ?)", PACK, "led%d" % i, text(), ("no", "yes", "skipped")[i % 3],
            text(), i + 1)
        put(info, "reason:%s.all.led%d" % (PACK, i), text())
    for row in ROWS:
        put("INSERT OR REPLACE INTO deviation VALUES($, $, $, $, $, ?)",
            "%s.%s" % (PACK, row[0]), text(), text(),
            ("2099-12-31", text())[row[0] == "six"], text(), 1)
    for party in PARTIES:
        put(info, "declaration:" + party, json.dumps(
            {"party": party, "name": characters(text()),
             "role": characters(text()), "remarks": characters(text()),
             "text": characters(text()), "when": None,
             "readiness": "not_ready", "results": None, "state": ""}))
    spoil_row(db, "run", "vantage", text)
    spoil_row(db, "observation", "json", text)
    db.commit()
    db.close()
