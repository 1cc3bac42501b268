# SPDX-License-Identifier: MIT
"""mDNS: troglobit's mdnsd answers for the devices of the site, as an
Audioserver with players for AirPlay and Spotify would."""

import os

# What each service is called is an assumption, but for the types: an
# Audioserver that is not paired yet shows itself under _http._tcp.
SERVICES = {
    "http": ("Audioserver 504F94B00001", "_http._tcp", 7091,
             ("manufacturer=Lab",)),
    "airplay": ("Kitchen", "_airplay._tcp", 7000,
                ("deviceid=50:4F:94:B0:00:01", "model=Audioserver")),
    "raop": ("504F94B00001@Kitchen", "_raop._tcp", 7000, ("txtvers=1",)),
    "spotify": ("Kitchen", "_spotify-connect._tcp", 4070,
                ("CPath=/", "VERSION=1.0")),
}


def start(servers):
    from servers import find_program    # which imports the parts
    folder = servers.file("mdns.d")
    os.makedirs(folder)
    for file, (name, kind, port, texts) in SERVICES.items():
        servers.write(f"mdns.d/{file}.service", "\n".join([
            f"name {name}", f"type {kind}", f"port {port}",
            *[f"txt {text}" for text in texts]]) + "\n")
    servers.start("device", "mdnsd", [find_program("mdnsd"), "-n", "-i",
                                      "eth0", folder])
    servers.expect("device", "udp", "0.0.0.0", 5353)
