# SPDX-License-Identifier: MIT
"""zencontrol's Third Party Interface on UDP 5108: the questions of TPI
Advanced that only read, its error answers, and one of TPI Classic (facts 2.1
and 2.2)."""

import lan_devices
from lan_devices import DEVICES

FAULTS = {"tpi-unlicensed": ((), ()), "tpi-off": ((), ())}

OK, ANSWER, NO_ANSWER, ERROR = 0xA0, 0xA1, 0xA2, 0xA3
CHECKSUM, UNKNOWN, NOT_ENABLED = 0x01, 0x04, 0xB0
ANSWERS = {
    0x1C: (ANSWER, bytes((2, 2, 132))),         # version
    0x24: (ANSWER, b"Lab controller"),          # label
    0x25: (ANSWER, b"1.0"),                     # fitting number
    0x26: (OK, b""),                            # DALI is ready
    0x27: (OK, b""),                            # has started up
    0x07: (ANSWER, b"\1"),                      # emits events
}


def checksum(data):
    result = 0
    for byte in data:
        result ^= byte
    return result


def frame(kind, seq, data):
    head = bytes((kind, seq, len(data))) + data
    return head + bytes((checksum(head),))


def advanced(data, licensed):
    if checksum(data) != 0:
        return frame(ERROR, data[1], bytes((CHECKSUM,)))
    if not licensed:
        return frame(ERROR, data[1], bytes((NOT_ENABLED,)))
    kind, answer = ANSWERS.get(data[2], (ERROR, bytes((UNKNOWN,))))
    return frame(kind, data[1], answer)


def classic(data):
    """The level of a light, in three bytes."""
    if checksum(data) != 0 or data[5] != 0xA0:
        return b"\x53\x01\x52"
    return b"\x51\xfe\xaf"


def handler(licensed):
    def answer(data, sender, everybody):
        if everybody:
            return []
        if len(data) == 8 and data[0] == 0x04:
            return [(advanced(data, licensed), sender)]
        if len(data) == 7 and data[0] == 0x03 and licensed:
            return [(classic(data), sender)]
        return []
    return answer


def silent(_data, _sender, _everybody):
    return []


def start(servers):
    answer = handler(not servers.scenario.of("tpi-unlicensed"))
    if servers.scenario.of("tpi-off"):
        answer = silent
    lan_devices.start(servers, "tpi", 5108, {DEVICES[3]: answer})
