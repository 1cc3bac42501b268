# SPDX-License-Identifier: MIT
"""SSH: OpenSSH's own server on every address that serves it. The fault
"mute" lets connections come up and then loses what the server says."""

import subprocess

KINDS = {"ssh"}
FAULTS = {"mute": (("ports",), ("hosts",))}
HEADERS = 80                    # of an answer without a word, with options


def prepare(net, _scenario):
    """Its server takes care to leave root, which a namespace with one user
    refuses, so it runs as another and may listen all the same."""
    import network              # which needs the parts first
    with net.inside("inet"):
        network.sysctl("net.ipv4.ip_unprivileged_port_start", "0")


def start(servers):
    from internet import LabError, is_v6
    from servers import find_program
    endpoints = servers.data.endpoints("ssh")
    if not endpoints:
        return
    key = servers.file("ssh_host_key")
    done = subprocess.run([find_program("ssh-keygen"), "-q", "-t", "ed25519",
                           "-N", "", "-f", key], capture_output=True,
                          text=True, env=servers.env)
    if done.returncode != 0:
        raise LabError(f"ssh-keygen: {done.stderr.strip()}")
    conf = servers.write("sshd.conf", "\n".join(
        [f"HostKey {key}", "PidFile none", "UsePAM no",
         "MaxStartups 100", "LogLevel ERROR",
         *[f"ListenAddress [{a}]:{s.low}" if is_v6(a) else
           f"ListenAddress {a}:{s.low}" for a, s, _ in endpoints]]) + "\n")
    servers.start("inet", "sshd", [
        "unshare", "-U", "--map-user=1000", "--map-group=1000",
        find_program("sshd"), "-D", "-e", "-f", conf])
    for address, service, _ in endpoints:
        servers.expect("inet", "tcp", address, service.low)


def forward(scenario, net_data, where):
    from internet import is_v6
    lines = []
    for fault in scenario.of("mute") if where == "gateway" else []:
        ports = ", ".join(str(p) for p in fault["ports"])
        sources = [""]
        if fault.get("hosts"):
            listed = net_data.addresses_of(fault["hosts"])
            sources = [f"{word} saddr {{ {', '.join(mine)} }} "
                       for six, word in ((False, "ip"), (True, "ip6"))
                       if (mine := [a for a in listed if is_v6(a) == six])]
        lines += [f'iifname "wan0" {source}tcp sport {{ {ports} }} '
                  f"meta length > {HEADERS} counter drop"
                  for source in sources]
    return lines
