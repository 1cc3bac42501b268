# SPDX-License-Identifier: MIT
"""The line to the provider, and servers far away, by what delay.c does with
the packets between the site and the internet.

bad-link   loss_percent of all round trips (half of it each way), jitter_ms
           that a packet may be later than another, kbit_s each way
far        what comes from `hosts` (all), by `proto` from `port`, is `ms` later
"""

import math

FAULTS = {
    "bad-link": ((), ("loss_percent", "jitter_ms", "kbit_s")),
    "far": (("ms",), ("hosts", "proto", "port")),
}

FIRST_QUEUE = 10
MOST = 5                        # lanes of delay.c beside the three


def quality(scenario):
    """What follows a lane's delay: jitter, loss and rate of the line."""
    for fault in scenario.of("bad-link"):
        kept = 1 - fault.get("loss_percent", 0) / 100
        lost_ppm = round((1 - math.sqrt(kept)) * 1e6)
        return (f":{fault.get('jitter_ms', 0) * 1000}:{lost_ppm}"
                f":{fault.get('kbit_s', 0) * 1000}")
    return ""


def lanes(scenario, transit_us):
    faults = scenario.of("far")
    if len(faults) > MOST:
        raise ValueError(f"{scenario.name}: at most {MOST} times far")
    return [f"{FIRST_QUEUE + i}:{transit_us + fault['ms'] * 1000}"
            f"{quality(scenario)}" for i, fault in enumerate(faults)]


def rules(scenario, net_data, six):
    """For iptables-restore; each takes what it fits before the others."""
    import network              # which needs the parts first
    lines = []
    for i, fault in enumerate(scenario.of("far")):
        what = f"-p {fault['proto']} " if "proto" in fault else ""
        what += f"--sport {fault['port']} " if "port" in fault else ""
        for address in (net_data.addresses_of(fault["hosts"])
                        if "hosts" in fault else [None]):
            if address is not None and network.is_v6(address) != six:
                continue
            source = f"-s {address} " if address else ""
            lines.append(f"-A FORWARD -i core0 {source}{what}-j NFQUEUE "
                         f"--queue-num {FIRST_QUEUE + i} --queue-bypass")
    return lines
