# SPDX-License-Identifier: MIT
"""A gateway that takes another source port for each TCP connection, as big
ones do ("nat-random-ports"). What it does with UDP stays as it was: a mapping
that differs for each destination is the fault nat-symmetric."""

FAULTS = {"nat-random-ports": ((), ())}


def prepare(net, scenario):
    import network              # which needs the parts first
    if scenario.of("nat-random-ports"):
        net.nft("gw", f"""table ip scattered {{
  chain postrouting {{
    type nat hook postrouting priority srcnat - 1;
    oifname "wan0" ip saddr {network.SITE4} meta l4proto tcp \
masquerade random,fully-random
  }}
}}
""")
