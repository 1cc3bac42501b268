# SPDX-License-Identifier: MIT
"""Servers that accept at once and take their time with every word: the fault
"vendor-slow", whole `seconds` long."""

import os
import subprocess

FAULTS = {"vendor-slow": (("hosts", "seconds"), ())}
QUEUE = 11                      # the first, in the servers' namespace


def start(servers):
    import servers as program
    faults = servers.scenario.of("vendor-slow")
    if not faults:
        return
    lines, queues = [], []
    for number, fault in enumerate(faults, QUEUE):
        queues.append(f"{number}:{fault['seconds'] * 1000000}")
        lines += [f"-A OUTPUT -s {address} -p tcp --tcp-flags PSH PSH "
                  f"-j NFQUEUE --queue-num {number} --queue-bypass"
                  for address in servers.data.addresses_of(fault["hosts"])
                  if ":" not in address]
    hold(servers, program, "*mangle\n" + "\n".join(lines) + "\nCOMMIT\n")
    servers.logged["slow"] = "ready"
    servers.start("inet", "slow", [os.path.join(program.BUILD, "delay"),
                                   *queues])


def hold(servers, program, rules):
    from internet import LabError
    modules = os.path.dirname(program.find_file(
        "/usr/lib/*/xtables/libxt_NFQUEUE.so"))
    with servers.net.inside("inet"):
        done = subprocess.run(
            [program.find_program("xtables-nft-multi"), "iptables-restore"],
            input=rules, env={**servers.env, "XTABLES_LIBDIR": modules},
            capture_output=True, text=True)
    if done.returncode != 0:
        raise LabError(f"iptables-restore: {done.stderr.strip()}")
