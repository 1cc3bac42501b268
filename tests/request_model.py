# SPDX-License-Identifier: MIT
"""The forms of a firewall change request, parsed back to rows and compared
with rules.json: what a desk imports must be what was asked for."""
import csv
import hashlib
import io
import ipaddress
import json
import os
import re
import unicodedata

import documents

PARTS = ("internet", "lan", "conditions")
SERVICENOW = (
    "short_description description type category requested_by "
    "assignment_group cmdb_ci business_service risk impact priority "
    "justification implementation_plan risk_impact_analysis backout_plan "
    "test_plan start_date end_date").split()
JIRA = ["Summary", "Issue Type", "Description", "Priority", "Reporter",
        "Labels"]
# What only the desk knows.
DESK = ("category", "assignment_group", "cmdb_ci", "business_service",
        "impact", "priority", "start_date", "end_date")
SHORT_MAX, FIELD_MAX = 160, 4000
FORMULA = tuple("=+-@\t\r\n")
WEB = ({"443"}, {"80"}, {"80", "443"})
PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "icmp": "ICMP", "igmp": "IGMP"}


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def all_rows(rules):
    return [row for part in PARTS for row in rules[part]]


def table(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""),
                           strict=True))


# --- rules.json by itself -------------------------------------------------

def fingerprint(rules):
    """As the schema says it is made."""
    rest = {k: v for k, v in rules.items()
            if k not in ("created", "fingerprint")}
    text = json.dumps(rest, indent=2, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256((text + "\n").encode()).hexdigest()


def flow(row, to):
    return (row["direction"], row["action"], row["src_zone"],
            row["src_hosts"], row["protocol"], tuple(row["ports"]),
            row["icmp_type"], to["dst_kind"], to["dst"].lower(),
            to["dst_match"], to["dst_depth"])


def test_consolidated(t, name, rules):
    """It permits what the rows permit, no more and no less."""
    rows = {row["rule_id"]: row for part in PARTS[:2] for row in rules[part]}
    members = [m for c in rules["consolidated"] for m in c["members"]]
    t.check(name + ": each flow is in one consolidated row",
            sorted(members) == sorted(rows),
            sorted(set(members) ^ set(rows)))
    wanted = {flow(row, row) for row in rows.values()}
    got = {flow(c, to) for c in rules["consolidated"]
           for to in c["destinations"]}
    t.check(name + ": the consolidated rows permit the same", got == wanted,
            sorted(map(str, got ^ wanted))[:4])
    wrong = []
    for c in rules["consolidated"]:
        mine = [rows[m] for m in c["members"]]
        digest = hashlib.sha256(
            "".join(m + "\n" for m in sorted(c["members"])).encode())
        if c["id"] != "FC-" + digest.hexdigest()[:10] or \
                {r["product"] for r in mine} != set(c["needed_by"]) or \
                {flow(r, r) for r in mine} != \
                {flow(c, to) for to in c["destinations"]}:
            wrong.append(c)
    t.check(name + ": ids and products come from the members", not wrong,
            wrong[:1])


def test_whole(t, name, rules):
    rows = all_rows(rules)
    ids = {row["rule_id"] for row in rows}
    t.check(name + ": the fingerprint is that of the content",
            rules["fingerprint"] == fingerprint(rules))
    counts = rules["summary"]
    t.check(name + ": the counts add up", all(
        sum(counts[by].values()) == len(rows) for by in counts
        if by.startswith("by_")) and counts["rows"] == len(rows), counts)
    change = rules["change"]
    t.check(name + ": the test is one line to type",
            change["test_plan"]["command"] == "sitewalk retest rules.json")
    t.check(name + ": going back disables every flow",
            set(change["backout_plan"]["disable"]) == {
                r["rule_id"] for p in PARTS[:2] for r in rules[p]})
    told = [i for p in change["impact"] for i in p["rows"]]
    t.check(name + ": what fails without it is told of each row",
            set(told) == {r["rule_id"] for r in rows if r["if_missing"]})
    named = {i for f in rules["lint"] for i in f["rows"]}
    t.check(name + ": findings are about rows", named <= ids, named - ids)
    seen = [(r, o) for r in rows for o in r["seen"]]
    t.check(name + ": the evidence of a row is what was sent for it", all(
        [o["id"] for o in r["seen"]] == r["evidence"] for r in rows))
    t.check(name + ": whoever looks into a log finds time, port, address",
            all(o["text"].startswith("%s %s: " % (o["id"], o["started"])) and
                all(str(a["source_port"]) in o["text"]
                    for a in o["attempts"][:1]
                    if a["source_port"] and not a["control"]) and
                (not o["sent"] or not o["to_address"] or
                 o["to_address"] in o["text"])
                for _, o in seen), [o["text"] for _, o in seen][:3])
    test_consolidated(t, name, rules)


# --- the projections --------------------------------------------------------

def unescape(text):
    return re.sub(r"\\(.)", r"\1", text)


def destinations(c):
    """As they stand in a ticket."""
    return [to["dst"] for to in c["destinations"]]


def same_destinations(text, c):
    known = [d for d in destinations(c) if d]
    return all(d in text for d in known) and \
        len(text.split(", ")) >= len(destinations(c))


def service(c):
    """"TCP 443" as it is told in words."""
    what = PROTOCOLS.get(c["protocol"])
    if what is None:
        return None
    if c["ports"]:
        return "%s %s" % (what, ", ".join(c["ports"]))
    return what


def agrees(c, permit, to, members):
    return (service(c) is None or permit.startswith(service(c))) and \
        same_destinations(to, c) and members.split(", ") == c["members"]


def test_cells(t, name, lines):
    t.check(name + ": no cell is a formula", not any(
        cell.startswith(FORMULA) for line in lines for cell in line))


def test_servicenow(t, name, data, rules):
    lines = table(data)
    t.check(name + ": ServiceNow takes one row under its own names",
            len(lines) == 2 and lines[0] == SERVICENOW, lines[:1])
    test_cells(t, name + ": ServiceNow", lines)
    row = dict(zip(*lines))
    t.check(name + ": nothing is longer than its field",
            len(row["short_description"]) <= SHORT_MAX and
            max(map(len, row.values())) <= FIELD_MAX)
    t.check(name + ": what only the desk knows is empty",
            not any(row[field] for field in DESK))
    t.check(name + ": the ticket is found again by its id",
            rules["id"] in row["short_description"] and
            rules["id"] in row["description"])
    byid = {c["id"]: c for c in rules["consolidated"]}
    found = re.findall(r"^(FC-[0-9a-f]{10}): (.+?) to (.+) \((FR-[^()]*)\)$",
                       row["implementation_plan"], re.M)
    cut = "rules.csv" in row["implementation_plan"]
    t.check(name + ": the plan has the consolidated rows",
            all(agrees(byid[i], permit, to, members)
                for i, permit, to, members in found) and
            (cut or len(found) == len(byid)) and (found or not byid),
            found[:3])
    t.check(name + ": the test plan has the line to type",
            rules["change"]["test_plan"]["command"] in row["test_plan"])


def jira_table(text):
    """Its rows, by the rules of its markup: a backslash takes the next
    character as it is."""
    rows = []
    for line in text.split("\n"):
        if line.startswith("|FC-"):
            cells = re.findall(r"((?:\\.|[^|\\])*)\|", line[1:])
            rows.append([unescape(cell).strip() for cell in cells])
    return rows


def test_jira(t, name, data, rules):
    lines = table(data)
    t.check(name + ": Jira takes one issue", len(lines) == 2 and
            lines[0] == JIRA and
            not any(re.search(r"[^\w ]", h) for h in lines[0]))
    test_cells(t, name + ": Jira", lines)
    row = dict(zip(*lines))
    t.check(name + ": the issue has a summary and the request's id",
            row["Summary"] and "\n" not in row["Summary"] and
            row["Labels"] == rules["id"])
    active = re.search(r"(?<!\\)(?:\\\\)*[{}\[\]!]", row["Description"])
    t.check(name + ": nothing in the issue is a macro, a link or a picture",
            active is None, active)
    rows = jira_table(row["Description"])
    byid = {c["id"]: c for c in rules["consolidated"]}
    t.check(name + ": the issue holds every consolidated row",
            [r[0] for r in rows] == list(byid) and all(
                len(r) == 5 and agrees(byid[r[0]], r[1], r[2], r[4]) and
                r[3] == (byid[r[0]]["src_hosts"] or
                         byid[r[0]]["src_zone"]).strip()
                for r in rows), rows[:2])


def is_address(text):
    try:
        ipaddress.ip_network(text, strict=False)
        return True
    except ValueError:
        return False


def wanted_names(rules, web):
    names = set()
    for row in rules["internet"]:
        if row["action"] != "add" or row["direction"] != "outbound" or \
                (web and (row["protocol"] != "tcp" or
                          set(row["ports"]) not in WEB)):
            continue
        name = row["dst"].lower()
        if row["dst_kind"] in ("fqdn", "wildcard") and name:
            names.add(name)
        if row["dst_match"] == "subdomains+apex":
            names.add(name.removeprefix("*."))
    return names


def test_lists(t, name, folder, rules):
    """External lists: one kind in each, one entry a line, no ports."""
    addresses = {}
    lines = read(folder, "edl/ip.txt").decode("ascii").splitlines()
    for line in lines:
        entry, mark, comment = line.partition(" # ")
        addresses[entry] = comment
        t.check(name + ": an entry is an address, then a comment",
                is_address(entry) and (not mark or "no ports" in comment),
                line)
    wanted = {one for row in rules["internet"]
              if row["action"] == "add" and row["direction"] == "outbound"
              for one in row["dst"].split(", ") if is_address(one)}
    t.check(name + ": the list of addresses is that of the rows",
            set(addresses) == wanted and len(lines) == len(wanted),
            set(addresses) ^ wanted)
    for row in rules["internet"]:
        if row["dst"] in addresses and row["direction"] == "outbound":
            t.check(name + ": a comment names the rows of its address",
                    row["rule_id"] in addresses[row["dst"]], row["rule_id"])
    for file, end, web in (("domain", "", False), ("url", "/", True)):
        lines = read(folder, "edl/%s.txt" % file).decode("ascii").splitlines()
        t.check("%s: entries of the list %s are well formed" % (name, file),
                all(re.fullmatch(r"(\*\.)?[a-z0-9][a-z0-9.-]*" + end, line)
                    and len(line) <= 255 and "://" not in line
                    for line in lines) and len(set(lines)) == len(lines),
                lines[:3])
        names = {n + end for n in wanted_names(rules, web)}
        t.check("%s: the list %s is that of the rows" % (name, file),
                set(lines) == names, set(lines) ^ names)


def columns(line):
    """What stands above another letter, or is not seen, takes none."""
    return sum(unicodedata.category(c) not in ("Mn", "Me", "Cf")
               for c in line)


def test_text(t, name, text, rules):
    words = " ".join(text.split())
    t.check(name + ": the text fits a mail", all(
        columns(line) <= 80 for line in text.split("\n")),
        max(text.split("\n"), key=len))
    t.check(name + ": no control character is in it", not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text))
    t.check(name + ": the text holds each consolidated row and each row",
            all(c["id"] in text for c in rules["consolidated"]) and all(
                re.search(r"^%s( |$)" % re.escape(r["rule_id"]), text, re.M)
                for r in all_rows(rules)))
    t.check(name + ": the text carries the fingerprint of rules.json",
            rules["fingerprint"] in text)
    t.check(name + ": the text has the line to type", re.search(
        "^ *sitewalk retest rules.json$", text, re.M))
    t.check(name + ": the text has a place for each approval",
            words.count("[ ] approved [ ] rejected") == len(all_rows(rules)))


def test_forms(t, name, folder):
    """All forms of one request in a folder."""
    rules = documents.load(read(folder, "rules.json"))
    test_whole(t, name, rules)
    test_servicenow(t, name, read(folder, "change_request.csv"), rules)
    test_jira(t, name, read(folder, "jira.csv"), rules)
    test_lists(t, name, folder, rules)
    test_text(t, name, read(folder, "request.txt").decode(), rules)
    return rules
