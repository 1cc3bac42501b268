# SPDX-License-Identifier: MIT
"""A PTP grandmaster on the Audioserver: linuxptp's ptp4l with timestamps of
the kernel, over UDP and in Ethernet frames. Fast, so that a short listening
is enough, and it never touches the machine's clock."""

CONF = """[global]
masterOnly 1
BMCA noop
free_running 1
time_stamping software
network_transport {transport}
logAnnounceInterval -1
logSyncInterval -2
announceReceiptTimeout 2
priority1 100
domainNumber {domain}
clockClass 187
uds_address {folder}/ptp-{transport}
[eth0]
"""


def start(servers):
    from servers import find_program    # which imports the parts
    for transport, domain in (("UDPv4", 0), ("L2", 1)):
        conf = servers.write(f"ptp4l-{transport}.conf", CONF.format(
            transport=transport, domain=domain, folder=servers.dir))
        servers.start("device", f"ptp4l-{transport}", [
            find_program("ptp4l"), "-f", conf, "-m", "-q", "-l", "5"])
    servers.expect("device", "udp", "0.0.0.0", 319)
