# SPDX-License-Identifier: MIT
"""Interception that copies what can be copied: the certificates bear the
names of the vendor's own private authorities, under keys of the box."""

FAULTS = {"intercept-copied": (("ports",), ("hosts",))}
FIRST_PORT = 30100


def faults(scenario):
    return scenario.of("intercept-copied")


def ports_of(scenario):
    return sorted({p for f in faults(scenario) for p in f["ports"]})


def private_groups(data):
    return [g for g in data.certified_groups() if g.authority != "public"]


def start(servers):
    import network
    ports = ports_of(servers.scenario)
    if not ports:
        return
    groups = private_groups(servers.data)
    rows = [f"    {host.name} {servers.cert('copied-' + group.name)};\n"
            for group in groups for host in group.hosts]
    stream = ("  map_hash_bucket_size 128;\n"
              "  map $ssl_server_name $copied {\n"
              f"    default {servers.cert('copied-' + groups[0].name)};\n"
              + "".join(rows) + "  }\n")
    for index, port in enumerate(ports):
        mine = FIRST_PORT + index
        stream += (f"  server {{\n    listen {mine} ssl;\n"
                   f"    listen [::]:{mine} ssl;\n"
                   "    ssl_certificate $copied.crt;\n"
                   "    ssl_certificate_key $copied.key;\n"
                   f"    resolver {network.GATEWAY[0]} ipv6=off;\n"
                   "    proxy_ssl on;\n    proxy_ssl_server_name on;\n"
                   "    proxy_ssl_name $ssl_server_name;\n"
                   f"    proxy_pass $ssl_server_name:{port};\n  }}\n")
        servers.expect("gw", "tcp", "0.0.0.0", mine)
    servers.nginx("gw", "nginx-copied", "", stream)


def redirect(scenario, net_data):
    import network
    ports, lines = ports_of(scenario), []
    for fault in faults(scenario):
        addresses = net_data.addresses_of(
            fault.get("hosts") or [h.name for g in private_groups(net_data)
                                   for h in g.hosts])
        for six, word in ((False, "ip"), (True, "ip6")):
            if not any(network.is_v6(a) == six for a in addresses):
                continue
            for port in fault["ports"]:
                lines.append(
                    f'iifname "lan0" {word} daddr '
                    f"{{ {network.elements(addresses, six)} }} tcp dport "
                    f"{port} counter redirect to "
                    f":{FIRST_PORT + ports.index(port)}")
    return lines
