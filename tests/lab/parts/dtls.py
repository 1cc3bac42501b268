# SPDX-License-Identifier: MIT
"""CoAP over DTLS: libcoap's server. Like the real ones it shows the leaf of a
private authority alone and demands a certificate that only a device has."""

KINDS = TLS_KINDS = {"dtls"}
PROGRAM = "coap-server-openssl"


def start(servers):
    import network
    import servers as program
    try:
        binary = program.find_program(PROGRAM)
    except program.LabError:
        return
    for address, service, host in servers.data.endpoints("dtls"):
        # It takes a plain and a secure port, for UDP and for TCP; the site's
        # rules lead the one that is meant to a port aside.
        mine = service.low + network.DTLS_ASIDE
        servers.start("inet", f"dtls-{address}", [
            binary, "-A", address, "-p", str(mine - 1),
            "-c", servers.cert(host.group + ".crt"),
            "-j", servers.cert(host.group + ".key"),
            "-C", servers.cert("device.pem"), "-v", "4"])
        servers.expect("inet", "udp", address, mine)
