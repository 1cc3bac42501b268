# SPDX-License-Identifier: MIT
"""The lab's certificates: public, private and intercepting authorities."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager

from internet import BUILD, LabError

DAY = 86400
# Leaves began 20 days before they were made and end 30 days after, and are
# made again after 5 days: a clock 40 days ahead always finds them expired.
LEAF_BEFORE, LEAF_AFTER, REMAKE = 20 * DAY, 30 * DAY, 5 * DAY
CA_BEFORE, CA_AFTER = 2 * 365 * DAY, 10 * 365 * DAY
# Of a certificate that its owner forgot to renew.
OLD_BEFORE, OLD_AFTER = 400 * DAY, -20 * DAY

ARM = "/C=GB/ST=Cambridgeshire/L=Cambridge/O=ARM Ltd/CN="
# name: (subject, key, issuer)
AUTHORITIES = {
    "public-root": ("/C=ZZ/O=Sitewalk Lab/CN=Sitewalk Lab Public Root",
                    "ec", None),
    "public": ("/C=ZZ/O=Sitewalk Lab/CN=Sitewalk Lab Public Issuer 1",
               "ec", "public-root"),
    "arm-bootstrap": (ARM + "ARM Bootstrap CA", "ec", None),
    "arm-lwm2m": (ARM + "ARM LwM2M CA", "ec", None),
    # The names of the two, under keys of somebody else's.
    "copied-arm-bootstrap": (ARM + "ARM Bootstrap CA", "ec", None),
    "copied-arm-lwm2m": (ARM + "ARM LwM2M CA", "ec", None),
    "intercept": ("/C=ZZ/O=Acme Corp/CN=Acme Corp TLS Inspection CA",
                  "rsa", None),
    # A box whose authority nobody has put on the laptop.
    "unknown": ("/C=ZZ/O=Edge Filter Ltd/CN=Edge Filter Web CA", "rsa", None),
    "device": ("/C=ZZ/O=Sitewalk Lab/CN=Lab Device Authority", "ec", None),
}
PRIVATE = ("arm-bootstrap", "arm-lwm2m")

CONFIG = """
[ca]
default_ca = lab
[lab]
dir = {dir}
new_certs_dir = {dir}/issued
database = {dir}/index
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
preserve = yes
email_in_dn = no
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
commonName = optional
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[req]
distinguished_name = dn
[dn]
"""

LEAF = """
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature{encipherment}
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


def openssl(*args):
    try:
        done = subprocess.run(["openssl", *args], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise LabError("no program openssl: install openssl")
    if done.returncode != 0:
        raise LabError(f"openssl {' '.join(args)} failed:\n"
                       + done.stderr.strip())


def stamp(seconds):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(seconds))


class Maker:
    def __init__(self, directory):
        self.dir = directory
        self.now = int(time.time())
        os.makedirs(os.path.join(directory, "issued"))
        open(self.file("index"), "w").close()

    def file(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.file(name)

    def read(self, name):
        with open(self.file(name), encoding="utf-8") as file:
            return file.read()

    def key(self, name, kind):
        how = (["-algorithm", "EC", "-pkeyopt",
                "ec_paramgen_curve:P-256"] if kind == "ec" else
               ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        openssl("genpkey", *how, "-out", self.file(name + ".key"))

    def issue(self, name, subject, issuer, section, config, before, after):
        conf = self.write("openssl.cnf", config)
        csr = self.file(name + ".csr")
        openssl("req", "-new", "-config", conf, "-key",
                self.file(name + ".key"), "-subj", subject, "-out", csr)
        signer = (["-selfsign", "-keyfile", self.file(name + ".key")]
                  if issuer is None else
                  ["-cert", self.file(issuer + ".pem"),
                   "-keyfile", self.file(issuer + ".key")])
        openssl("ca", "-batch", "-notext", "-config", conf,
                "-extensions", section, "-startdate",
                stamp(self.now - before), "-enddate",
                stamp(self.now + after), *signer, "-in", csr,
                "-out", self.file(name + ".pem"))

    def authority(self, name):
        subject, kind, issuer = AUTHORITIES[name]
        self.key(name, kind)
        self.issue(name, subject, issuer, "authority",
                   CONFIG.format(dir=self.dir), CA_BEFORE, CA_AFTER)

    def leaf(self, name, kind, issuer, dns, addresses=(), ages=None):
        """NAME.crt holds what a server sends: the leaf, and the chain only
        where the issuer is a public one."""
        before, after = ages or (LEAF_BEFORE, LEAF_AFTER)
        names = [f"DNS:{n}" for n in dns] + [f"IP:{a}" for a in addresses]
        self.key(name, kind)
        config = CONFIG.format(dir=self.dir) + LEAF.format(
            names=",".join(names),
            encipherment=",keyEncipherment" if kind == "rsa" else "")
        subject = f"/O=Sitewalk Lab/CN={dns[0]}"
        self.issue(name, subject, issuer, "leaf", config, before, after)
        chain = self.read(name + ".pem")
        if issuer == "public":
            chain += self.read("public.pem")
        self.write(name + ".crt", chain)


def make_all(net_data, directory):
    from network import DEVICES
    maker = Maker(directory)
    for name in AUTHORITIES:
        maker.authority(name)
    for group in net_data.certified_groups():
        names = net_data.web_names(group.name)
        private = group.authority in PRIVATE
        maker.leaf(group.name, group.key, group.authority, names,
                   ages=(CA_BEFORE, CA_AFTER // 2) if private else None)
        maker.leaf("intercept-" + group.name, "ec", "intercept", names)
        maker.leaf("unknown-" + group.name, "ec", "unknown", names)
        if group.authority == "public":
            maker.leaf("expired-" + group.name, group.key, "public", names,
                       ages=(OLD_BEFORE, OLD_AFTER))
            maker.leaf("renamed-" + group.name, group.key, "public",
                       ["www.another-customer.example"])
        if private:
            maker.leaf("copied-" + group.name, "ec",
                       "copied-" + group.authority, names)
    maker.leaf("lan-device", "ec", "device", ["device.lan"], DEVICES)
    maker.write("laptop-store.pem", maker.read("public-root.pem")
                + maker.read("intercept.pem"))
    keys = os.path.join(directory, "packs", "keys")
    os.makedirs(keys)
    for name in PRIVATE:
        openssl("x509", "-in", maker.file(name + ".pem"), "-noout",
                "-pubkey", "-out", os.path.join(keys, name + ".pem"))
    shutil.rmtree(maker.file("issued"))
    for entry in os.listdir(directory):
        if entry.startswith("index") or entry.endswith(".csr"):
            os.unlink(maker.file(entry))


def digest(net_data):
    hasher = hashlib.sha256()
    with open(__file__, "rb") as file:
        hasher.update(file.read())
    for group in net_data.certified_groups():
        hasher.update(repr((group.name, group.key, group.authority,
                            net_data.web_names(group.name))).encode())
    return hasher.hexdigest()


def is_fresh(path, want):
    try:
        with open(os.path.join(path, "made.json"), encoding="ascii") as file:
            made = json.load(file)
    except (OSError, ValueError):
        return False
    age = time.time() - made["at"]
    return made["digest"] == want and 0 <= age < REMAKE


@contextmanager
def locked(kind):
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, "certs.lock"), "w") as lock:
        fcntl.flock(lock, kind)
        yield


def ensure(net_data):
    """Makes build/lab/certs unless it is there and young enough."""
    path = os.path.join(BUILD, "certs")
    want = digest(net_data)
    with locked(fcntl.LOCK_EX):
        if is_fresh(path, want):
            return
        shutil.rmtree(path + ".new", ignore_errors=True)
        os.makedirs(path + ".new")
        make_all(net_data, path + ".new")
        with open(os.path.join(path + ".new", "made.json"), "w",
                  encoding="ascii") as file:
            json.dump({"at": int(time.time()), "digest": want}, file)
        shutil.rmtree(path, ignore_errors=True)
        os.rename(path + ".new", path)


def copy_to(directory):
    """A site's own copy: another lab may make new ones meanwhile."""
    with locked(fcntl.LOCK_SH):
        shutil.copytree(os.path.join(BUILD, "certs"), directory)
