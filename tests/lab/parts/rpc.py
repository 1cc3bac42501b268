# SPDX-License-Identifier: MIT
"""Remote procedure calls on the Audioserver: rpcbind, and an NFS server that
knows the procedure NULL and nothing else, by RFC 5531."""

import struct

import plan
import responders

AUDIOSERVER = plan.DEVICES[1]
NFS = 100003
CALL_BYTES = 40


def nfs_answer(data, _address):
    """NFS 3 by UDP, 3 and 4 by TCP, as servers do."""
    return answer(data, 3)


def answer(data, newest):
    if len(data) < CALL_BYTES:
        return None
    xid, kind, rpc, program, version, procedure = struct.unpack(
        "!6I", data[:24])
    if kind != 0:
        return None
    accepted = struct.pack("!5I", xid, 1, 0, 0, 0)
    if rpc != 2:
        return struct.pack("!6I", xid, 1, 1, 0, 2, 2)
    if program != NFS:
        return accepted + struct.pack("!I", 1)
    if not 3 <= version <= newest:
        return accepted + struct.pack("!3I", 2, 3, newest)
    return accepted + struct.pack("!I", 0 if procedure == 0 else 3)


def nfs_reply(peer):
    """By TCP each record has a mark with its length."""
    if len(peer.data) < 4:
        return b""
    length = struct.unpack("!I", peer.data[:4])[0] & 0x7FFFFFFF
    if len(peer.data) < 4 + length:
        return b""
    reply = answer(peer.data[4:4 + length], 4) or b""
    peer.data = peer.data[4 + length:]
    return struct.pack("!I", 0x80000000 | len(reply)) + reply


responders.TCP["nfs"] = (b"", nfs_reply)
responders.UDP["nfs-udp"] = nfs_answer


def start(servers):
    """It insists on a user of its own, which a namespace with a single one
    does not have; two wrappers let it believe that it became that user."""
    import servers as lab        # which needs the parts first
    wrappers = [lab.find_file(f"/usr/lib/*/lib{name}_wrapper.so")
                for name in ("uid", "nss")]
    passwd = servers.write("rpcbind.passwd", "_rpc:x:0:0::/:/bin/false\n")
    group = servers.write("rpcbind.group", "_rpc:x:0:\n")
    servers.start("device", "rpcbind", [
        "env", "LD_PRELOAD=" + " ".join(wrappers), "UID_WRAPPER=1",
        "UID_WRAPPER_ROOT=1", "NSS_WRAPPER_PASSWD=" + passwd,
        "NSS_WRAPPER_GROUP=" + group,
        lab.find_program("rpcbind"), "-f", "-h", AUDIOSERVER])
    servers.respond("device", [("nfs", AUDIOSERVER, 2049),
                               ("nfs-udp", AUDIOSERVER, 2049)])
    servers.expect("device", "udp", AUDIOSERVER, 111)
    servers.expect("device", "tcp", "0.0.0.0", 111)
