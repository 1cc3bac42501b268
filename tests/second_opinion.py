# SPDX-License-Identifier: MIT
"""What capirca, a generator of firewall rules that knows addresses only,
writes for rows of a request; the distribution's own copy of it is run."""
import ipaddress
import json
import re
import subprocess

PYTHON = "/usr/bin/python3"
SCRIPT = """
import json, sys
from capirca.lib import ciscoasa, junipersrx, naming, paloaltofw, policy
asked = json.load(sys.stdin)
made = {}
for name, target, generator in (
        ("asa", "ciscoasa LIST", ciscoasa.CiscoASA),
        ("srx", "srx from-zone a to-zone b", junipersrx.JuniperSRX),
        ("panos", "paloalto from-zone a to-zone b", paloaltofw.PaloAltoFW)):
    names = naming.Naming(None)
    names.ParseNetworkList(asked["networks"])
    names.ParseServiceList(asked["services"])
    text = "header { target:: %s }\\n%s" % (target, asked["terms"])
    made[name] = str(generator(policy.ParsePolicy(text, names), 2))
json.dump(made, sys.stdout)
"""


def rows_of(rules):
    """Rows to single IPv4 addresses with ports."""
    for row in rules["internet"]:
        try:
            v4 = ipaddress.ip_address(row["dst"]).version == 4
        except ValueError:
            continue
        if v4 and row["ports"] and not row["same_flow_as"] and \
                row["direction"] == "outbound":
            yield row


def ask(rules, source):
    """{dialect: its text}; term T3 is the third of rows_of()."""
    networks, services, terms = ["DEVICES = " + source], [], []
    for i, row in enumerate(rows_of(rules)):
        networks.append("D%d = %s/32" % (i, row["dst"]))
        services.append("S%d = %s" % (i, " ".join(
            p + "/" + row["protocol"] for p in row["ports"])))
        terms.append("term T%d { source-address:: DEVICES\n"
                     "destination-address:: D%d\ndestination-port:: S%d\n"
                     "protocol:: %s\naction:: accept }"
                     % (i, i, i, row["protocol"]))
    done = subprocess.run(
        [PYTHON, "-c", SCRIPT], check=True, capture_output=True, text=True,
        input=json.dumps({"networks": networks, "services": services,
                          "terms": "\n".join(terms)}))
    return json.loads(done.stdout)


# ASA takes either.
PORT_NAMES = {"https": "443", "domain": "53", "www": "80", "ssh": "22"}


def entries_asa(text, kept=lambda words: True):
    """What the lines of the access lists say, less name and log."""
    return sorted(" ".join(PORT_NAMES.get(w, w) for w in line.split()[2:]
                           if w != "log")
                  for line in text.splitlines()
                  if " extended permit " in line and kept(line.split()))


def ports_srx(text):
    """Protocol and ports of the terms of applications."""
    return sorted(set(re.findall(
        r"term t\d+ protocol (\w+) destination-port ([0-9-]+)", text)))


def ports_panos(text):
    """Protocol and ports of the services."""
    return sorted(set(re.findall(
        r"<(tcp|udp)>\s*<port>([0-9,-]+)</port>", text)))


def differences(rules, source, texts):
    """Where our texts of the same rows say something else, and how many rows
    were compared."""
    rows = list(rows_of(rules))
    theirs = ask(rules, source)
    hosts = {row["dst"] for row in rows}
    ours = entries_asa(texts["asa"], lambda w: hosts & set(w) and
                       w[1] == "SITEWALK_INTERNET")
    wrong = []
    if ours != entries_asa(theirs["asa"]):
        wrong.append("asa: %s" % sorted(set(ours) ^ set(
            entries_asa(theirs["asa"]))))
    wanted = sorted({(row["protocol"], p) for row in rows
                     for p in row["ports"]})
    for name, theirs_are, ours_are in (
            ("srx", ports_srx(theirs["srx"]), ports_srx(texts["srx"])),
            ("panos", ports_panos(theirs["panos"]), sorted(re.findall(
                r"^set service \S+ protocol (tcp|udp) port (\S+)$",
                texts["panos"], re.M)))):
        if theirs_are != wanted or not set(theirs_are) <= set(ours_are):
            wrong.append("%s: %s" % (name, theirs_are))
    return wrong, len(ours)
