# SPDX-License-Identifier: MIT
"""A gateway that lets nothing out but what `sitewalk request` asks for: the
rules and the lines for the resolver are the program's own, made for the
scenario's answers without any network. The gateway's own DNS server and what
answers to a flow stay as on any site.

but      rule ids (or one) whose lines are left out
deny     drop (as it is) or reject, by ICMP "administratively prohibited"
closed   true: the rules are there, and nothing jumps to them
request  path of a file without its ending: FILE.nft and FILE.conf take the
         place of what is made here
control  true: changes are taken at CONTROL while the site stands. A line
         "but ID..." or "all" is answered by "ok", or by what is wrong.

Run as a program it is that: parts/firewall_request.py SOCKET RULES."""

import os
import re
import socket
import subprocess
import sys

FAULTS = {"firewall-request": ((), ("but", "deny", "closed", "request",
                                    "control"))}
CONTROL = "/run/lab/firewall.sock"
MADE = "/run/lab/request"
REJECT = "reject with icmpx admin-prohibited"


def rules_without(text, ids):
    """The rules less the lines of these rows; each must have some."""
    for rule in ids:
        line = re.compile(rf'^.*comment "{re.escape(rule)}"\n', re.M)
        text, n = line.subn("", text)
        if n == 0:
            raise ValueError(f"no rule of the request is called {rule}")
    return text


def gateway(deny, closed):
    jumps = "" if closed else """
    iifname "lan0" oifname "wan0" jump sitewalk_internet
    iifname "lan0" oifname "lan0" jump sitewalk_lan"""
    last = REJECT if deny == "reject" else "drop"
    return f"""table inet filter {{
  chain forward {{
    type filter hook forward priority filter; policy drop;
    ct state established,related accept{jumps}
    iifname "lan0" counter {last}
  }}
}}
"""


def as_list(value):
    return value if isinstance(value, list) else [value]


def answers_file(scenario):
    import internet
    import scenario as scenarios
    import yaml
    answers = {}
    merged = {**scenarios.load("healthy").answers, **scenario.answers}
    for name, value in merged.items():
        product, question = name.split(".")
        if isinstance(value, bool):
            value = "yes" if value else "no"
        answers.setdefault(product, {})[question] = str(value)
    products = sorted(f[:-5] for f in
                      os.listdir(os.path.join(internet.TOP, "wizards"))
                      if f.endswith(".yaml"))
    path = MADE + ".yaml"
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump({"site": {"name": "Lab"}, "products": products,
                        "answers": answers}, file)
    return path


def sitewalk(*args):
    import internet
    program = os.environ.get("SITEWALK_PROGRAM") or \
        os.path.join(internet.TOP, "build", "sitewalk")
    done = subprocess.run([program, *args], capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        raise internet.LabError(f"sitewalk {' '.join(args)}: "
                                + done.stderr.strip())


def make(scenario):
    site = MADE + ".sitewalk"
    sitewalk("new", site, "--answers", answers_file(scenario))
    for form, ending in (("nftables", ".nft"), ("dnsmasq", ".conf")):
        sitewalk("request", site, "--scope", "all", "--format", form, "-o",
                 MADE + ending)
    return MADE


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def answer_each_time(net):
    """A firewall that rejects does so each time, unlike a computer."""
    import network              # which needs the parts first
    with net.inside("gw"):
        network.sysctl("net.ipv4.icmp_ratelimit", "0")
        network.sysctl("net.ipv6.icmp.ratelimit", "0", must=False)


def prepare(net, scenario):
    from internet import LabError
    if any("reject" in f for f in scenario.of("allow-only")):
        answer_each_time(net)
    for fault in scenario.of("firewall-request"):
        path = fault.get("request") or make(scenario)
        text = read(path + ".nft")
        for ending in (".nft", ".conf"):
            if path != MADE:
                with open(MADE + ending, "w", encoding="utf-8") as file:
                    file.write(read(path + ending))
        try:
            text = rules_without(text, as_list(fault.get("but", [])))
        except ValueError as error:
            raise LabError(str(error))
        answer_each_time(net)
        net.nft("gw", text)
        net.nft("gw", gateway(fault.get("deny", "drop"),
                              fault.get("closed", False)))


def dnsmasq(scenario):
    if not scenario.of("firewall-request"):
        return []
    return [line for line in read(MADE + ".conf").splitlines()
            if line and not line.startswith("#")]


def start(servers):
    for fault in servers.scenario.of("firewall-request"):
        if fault.get("control"):
            servers.start("gw", "firewall", [
                sys.executable, os.path.abspath(__file__), CONTROL,
                MADE + ".nft"])
            servers.logged["firewall"] = "ready"


def obey(text, words):
    ids = words[1:] if words[:1] == ["but"] else []
    if not ids and words != ["all"]:
        return "say \"all\" or \"but ID...\""
    try:
        rules = rules_without(text, ids)
    except ValueError as error:
        return str(error)
    done = subprocess.run(["nft", "-f", "-"], input=rules,
                          capture_output=True, text=True)
    return done.stderr.strip() or "ok"


def serve(path, rules):
    text = read(rules)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        print("ready", flush=True)
        while True:
            peer, _ = listening.accept()
            with peer:
                said = peer.makefile(encoding="utf-8").readline()
                peer.sendall((obey(text, said.split()) + "\n").encode())


if __name__ == "__main__":
    serve(*sys.argv[1:3])
