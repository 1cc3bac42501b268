# SPDX-License-Identifier: MIT
"""FTP: vsftpd at the Miniserver's address."""


def start(servers):
    from network import DEVICES
    from servers import find_program
    conf = servers.write("vsftpd.conf", "\n".join([
        "listen=YES", "listen_ipv6=NO", f"listen_address={DEVICES[0]}",
        "background=NO", "anonymous_enable=YES", "local_enable=NO",
        f"anon_root={servers.dir}", "run_as_launching_user=YES",
        "ftp_username=root", "nopriv_user=root",
        f"secure_chroot_dir={servers.dir}", "one_process_model=YES",
        # These need namespaces and filters of its own.
        "isolate=NO", "isolate_network=NO", "seccomp_sandbox=NO"]) + "\n")
    servers.start("device", "vsftpd", [find_program("vsftpd"), conf])
    servers.expect("device", "tcp", DEVICES[0], 21)
