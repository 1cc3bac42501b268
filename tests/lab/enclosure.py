# SPDX-License-Identifier: MIT
"""Shuts a site in: the namespaces around it, the command inside it, and the
proofs that nothing leaves."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import certs
import internet
import network
import parts
import plan
import scenario as scenarios
import servers
from internet import BUILD, HERE, LabError
from network import CLONE_NEWNS, check, libc

RUN = "/run/lab"
PR_SET_PDEATHSIG = 1
MS_BIND = 4096
KILL_AFTER_S = 3
FAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"

USER_NAMESPACE = ["unshare", "-Urnm", "--fork", "--pid", "--mount-proc",
                  "--kill-child"]
PLAIN = ["unshare", "-nm", "--fork", "--pid", "--mount-proc", "--kill-child"]
DROP = ["setpriv", "--securebits", "+noroot,+noroot_locked"]
SETS = ("--inh-caps", "--ambient-caps", "--bounding-set")
# What a scenario with `rights: yes` grants, as setcap would.
RIGHTS = ("net_raw", "net_bind_service")
# Of the outside: proxies, and other stores of certificates.
FOREIGN = {"http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy",
           "ssl_cert_dir", "curl_ca_bundle", "requests_ca_bundle"}


# Outside

def require_programs():
    needs = {"unshare": "util-linux", "setpriv": "util-linux",
             "ip": "iproute2", "nft": "nftables", "openssl": "openssl"}
    for program, package in needs.items():
        if shutil.which(program) is None and \
                shutil.which(program, path="/usr/sbin:/sbin") is None:
            raise LabError(f"no program {program}: install {package}")


def ensure_built(target, source, arguments):
    if os.path.exists(target) and \
            os.path.getmtime(target) >= os.path.getmtime(source):
        return
    os.makedirs(BUILD, exist_ok=True)
    new = f"{target}.{os.getpid()}"
    try:
        done = subprocess.run(
            ["cc", "-O2", "-o", new, source, *arguments],
            capture_output=True, text=True)
    except FileNotFoundError:
        raise LabError("no C compiler: install gcc")
    if done.returncode != 0:
        raise LabError(f"{os.path.basename(source)} does not build; is "
                       "libnetfilter-queue-dev installed?\n"
                       + done.stderr.strip())
    os.rename(new, target)


def ensure_delay():
    """make builds it; a lab used on its own builds it itself."""
    ensure_built(os.path.join(BUILD, "delay"), os.path.join(HERE, "delay.c"),
                 ["-lnetfilter_queue", "-lnfnetlink"])


def prepare(net_data):
    """All that needs the world outside; every part is done once."""
    require_programs()
    if subprocess.run([os.path.join(HERE, "fetch-servers")]).returncode:
        raise LabError("the servers are not there (see above)")
    ensure_delay()
    parts.call("build")
    certs.ensure(net_data)


def choose_unshare():
    def works(argv):
        return subprocess.run(argv + ["true"], capture_output=True,
                              text=True)

    done = works(USER_NAMESPACE)
    if done.returncode == 0:
        return USER_NAMESPACE
    if os.geteuid() == 0 and works(PLAIN).returncode == 0:
        return PLAIN
    raise LabError(
        "this system refuses user namespaces to you:\n  "
        + done.stderr.strip() + "\nRun the lab as root, or allow them: "
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), "
        "kernel.unprivileged_userns_clone=1, user.max_user_namespaces>0.")


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def first_child(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return int(file.read().split()[0])
    except (OSError, IndexError, ValueError):
        return None


def run_outside(name, command, verbose=False, flows=False, rights=(),
                capture=None, **options):
    """Starts the site and the command; returns the command's status."""
    net_data = internet.load()
    scenario = scenarios.load(name)
    prepare(net_data)
    for path in (internet.TOP, os.getcwd()):
        if path.startswith("/run/"):
            raise LabError("the lab covers /run: work in a directory "
                           "elsewhere")
    order = json.dumps({"scenario": name, "command": command,
                        "verbose": verbose, "flows": flows,
                        "rights": list(rights),
                        "capture": capture and os.path.abspath(capture),
                        "outside": os.stat("/proc/self/ns/net").st_ino})
    argv = choose_unshare() + [sys.executable,
                               os.path.join(HERE, "lab"), "_inside", order]
    env = {**options.pop("env", os.environ),
           plan.VARIABLE: json.dumps(scenario.site)}
    child = subprocess.Popen(argv, preexec_fn=die_with_parent, env=env,
                             **options)

    def forward(number, _frame):
        inside = first_child(child.pid)
        try:
            os.kill(inside or child.pid,
                    number if inside else signal.SIGKILL)
        except ProcessLookupError:
            pass

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)
    # The terminal sends these to the command as well, whose business they
    # are.
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    return child.wait()


# Inside

def verify_enclosed(outside):
    if os.stat("/proc/self/ns/net").st_ino == outside or outside == 0:
        raise LabError("the lab is not in a network namespace of its own. "
                       "It refuses to start.")
    if os.getpid() != 1:
        raise LabError("the lab is not in a process namespace of its own. "
                       "It refuses to start.")
    lines = network.run(["ip", "-o", "link", "show", "up"], "", "the lab")
    if lines.strip():
        raise LabError("the lab's new network namespace already has an "
                       "interface that is up:\n" + lines
                       + "It refuses to start.")


def mount(source, target, kind, flags=0):
    def raw(text):
        return text.encode() if text else None
    check(libc.mount(raw(source), raw(target), raw(kind),
                     ctypes.c_ulong(flags), None), f"mounting {target}")


def cover_run():
    """No socket of the host's daemons (resolver, D-Bus, nscd) is left: a
    daemon outside would send packets on the command's behalf."""
    mount("lab", "/run", "tmpfs")
    os.makedirs(RUN)


def bind_etc(scenario):
    files = {
        "resolv.conf": "".join(f"nameserver {a}\n" for a in
                               parts.resolver.resolvers(scenario)),
        "hosts": "127.0.0.1 localhost\n::1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\n"
                         "hosts: files dns\nnetworks: files\n"
                         "protocols: files\nservices: files\n",
    }
    os.makedirs(f"{RUN}/etc")
    for name, text in files.items():
        mine = f"{RUN}/etc/{name}"
        with open(mine, "w", encoding="ascii") as file:
            file.write(text)
        target = os.path.realpath(f"/etc/{name}")
        if target.startswith("/run/"):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(mine, target)
        elif os.path.exists(target):
            mount(mine, target, None, MS_BIND)
        elif name == "resolv.conf":
            raise LabError("there is no /etc/resolv.conf to cover: make an "
                           "empty one")


def command_env(net, scenario, flows):
    env = {k: v for k, v in os.environ.items()
           if k.lower() not in FOREIGN}
    env.update({
        "SITEWALK_LAB": "1",
        "SITEWALK_LAB_NETNS": str(net.inode("laptop")),
        "SITEWALK_CA_BUNDLE": f"{RUN}/certs/public-root.pem",
        "SITEWALK_LAB_PACKS": f"{RUN}/certs/packs",
        "SSL_CERT_FILE": f"{RUN}/certs/laptop-store.pem",
    })
    if flows:
        env["SITEWALK_LAB_FLOWS"] = f"{RUN}/flows"
    offset = scenario.clock_offset()
    if offset:
        env.update({"LD_PRELOAD": servers.find_file(FAKETIME),
                    "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                    "FAKETIME_NO_CACHE": "1"})
    for more in parts.each("environment", scenario):
        preload = [e["LD_PRELOAD"] for e in (env, more) if
                   "LD_PRELOAD" in e]
        env.update(more)
        if preload:
            env["LD_PRELOAD"] = ":".join(preload)
    return env


def drop(rights):
    """To the given capabilities alone; ambient, so that the command has them
    as one that was granted them by setcap has."""
    kept = "".join(f",+{right}" for right in rights)
    return [*DROP, *[f"{name}=-all{kept}" for name in SETS], "--"]


def launch(net, command, env, rights=()):
    """The command, in the laptop, as a user without any other capability."""
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        network.setns(net.fds["laptop"], "the laptop")
        check(libc.unshare(CLONE_NEWNS), "a mount namespace")
        try:
            mount("sysfs", "/sys", "sysfs")
        except LabError:
            # Some containers refuse; then /sys shows the host's interfaces.
            pass
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM,
                       signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.execvpe(DROP[0], drop(rights) + command, env)
    except (LabError, OSError) as error:
        print(f"lab: {error}", file=sys.stderr)
    os._exit(2)


def wait_for(pid, site):
    """Reaps everything, as the first process must, until pid has ended."""
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        try:
            site.report_end(ended)
        except LabError as error:
            print(f"lab: {error}", file=sys.stderr)


def run_inside(order):
    begun = time.monotonic()
    verify_enclosed(order["outside"])
    cover_run()
    net_data = internet.load()
    scenario = scenarios.load(order["scenario"])
    certs.copy_to(f"{RUN}/certs")
    net = network.build(net_data, scenario.hops)
    parts.call("prepare", net, scenario)
    scenarios.apply(scenario, net_data, net, servers.INTERCEPT_PORT)
    site = servers.Servers(net_data, net, RUN, scenario)
    flows = order.get("flows", False)
    if flows:
        site.start_flows()
    if order.get("capture"):
        site.start_capture(order["capture"])
    site.start_all()
    site.wait_ready()
    parts.call("ready", net, scenario)
    bind_etc(scenario)
    if order["verbose"]:
        print(f"lab: {scenario.name}: {len(net_data.hosts)} names, "
              f"{len(net_data.addresses())} addresses, "
              f"{len(site.processes)} servers, ready in "
              f"{(time.monotonic() - begun) * 1000:.0f} ms",
              file=sys.stderr)
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    rights = order.get("rights") or (RIGHTS if scenario.rights else ())
    pid = launch(net, order["command"], command_env(net, scenario, flows),
                 rights)

    def forward(number, _frame):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
        signal.alarm(KILL_AFTER_S)

    def kill(_number, _frame):
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, kill)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)
    return wait_for(pid, site)
