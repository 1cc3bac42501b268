# SPDX-License-Identifier: MIT
"""A program on the laptop itself that opens secure connections on `ports`, as
virus scanners do: the laptop leads them to it before they leave. Its
certificates come from an authority that it has put into the laptop's store;
what is behind it is of no interest here."""

FAULTS = {"laptop-inspects": (("ports",), ())}
FIRST_PORT = 30300


def start(servers):
    import network              # which needs the parts first
    http = ""
    for fault in servers.scenario.of("laptop-inspects"):
        lines = []
        for number, port in enumerate(fault["ports"]):
            mine = FIRST_PORT + number
            servers.expect("laptop", "tcp", "0.0.0.0", mine)
            lines += [f"tcp dport {port} ip daddr != {network.SITE4} "
                      f"redirect to :{mine}",
                      f"tcp dport {port} ip6 daddr != {network.SITE6} "
                      f"redirect to :{mine}"]
            for group in servers.data.certified_groups():
                names = " ".join(servers.data.web_names(group.name))
                http += (f"  server {{\n    listen {mine} ssl;\n"
                         f"    listen [::]:{mine} ssl;\n"
                         f"    server_name {names};\n"
                         f"{servers.certificate('intercept-' + group.name)}"
                         "    location / { return 502; }\n  }\n")
        body = "\n    ".join(lines)
        servers.net.nft("laptop", f"""table inet inspector {{
  chain output {{
    type nat hook output priority -100;
    {body}
  }}
}}
""")
    if http:
        servers.nginx("laptop", "nginx-laptop", http, "")
