# SPDX-License-Identifier: MIT
"""MQTT over TLS: mosquitto, one process a host. mqtt:PORT lets everybody in;
the fault mqtt-wants-certificate makes every broker demand a certificate of
the client, as a vendor's may."""

KINDS = TLS_KINDS = {"mqtt"}
FAULTS = {"mqtt-wants-certificate": ((), ())}


def start(servers):
    import servers as program
    demands = servers.scenario.of("mqtt-wants-certificate")
    for address, service, host in servers.data.endpoints("mqtt"):
        name = f"mosquitto-{host.name}"
        conf = servers.write(name + ".conf", "\n".join([
            "user root", "persistence false", "log_dest stderr",
            "log_type error", "log_type warning",
            f"listener {service.low} {address}",
            f"certfile {servers.cert(host.group + '.crt')}",
            f"keyfile {servers.cert(host.group + '.key')}",
            f"cafile {servers.cert('device.pem')}",
            f"require_certificate {'true' if demands else 'false'}",
            "allow_anonymous true"]) + "\n")
        servers.start("inet", name, [program.find_program("mosquitto"),
                                     "-c", conf])
        servers.expect("inet", "tcp", address, service.low)
