/* SPDX-License-Identifier: MIT */
/* Owns what words mean, for people who install lights for a living. */
#include "tui/views/glossary.h"

#include "core/base/i18n.h"
#include "core/record/words.h"

const struct glossary_term glossary_terms[] = {
    {N_("Need"), N_("One thing that the network must grant to a product.")},
    {N_("Check"),
	N_("One measurement from this computer. One or more of them prove a "
	   "need.")},
    {N_("Evidence"),
	N_("What was seen in answer to a check. Each need says how much of it "
	   "counts as proof.")},
    {N_("Cause"), N_("The one thing that explains what failed.")},
    {N_("Deviation"),
	N_("A failure that a named person accepts, with a reason and until a "
	   "day.")},
    {N_("Handover sheet"),
	N_("The paper that tells the customer what was checked and what was "
	   "found.")},
    {N_("Request"),
	N_("The paper that tells the IT desk exactly what to open in the "
	   "firewall.")},
    {N_("Pack"),
	N_("What one product asks of a network, as a file, with the lines of "
	   "the vendor's document.")},
    {N_("Background test"),
	N_("A check that takes minutes, while you go on with something else.")},
    {N_("Gateway"),
	N_("The device, mostly the router, that all traffic to the internet "
	   "goes through.")},
    {N_("Router"), N_("It joins networks; the usual gateway of a site.")},
    {N_("Firewall"),
	N_("It decides which traffic may pass. It can stand in the router, or "
	   "further away.")},
    {N_("IP address"),
	N_("The number by which a device is reached, such as 192.168.1.20.")},
    {N_("IPv4, IPv6"),
	N_("The old and the new kind of address. A network can have both.")},
    {N_("MAC address"),
	N_("The number that a network card was made with, such as "
	   "50:4f:94:00:00:01.")},
    {N_("DNS"),
	N_("The telephone book of the internet: it turns a name into an IP "
	   "address. Without it hardly anything works.")},
    {N_("DNS server, resolver"),
	N_("The computer that is asked for names, mostly the router.")},
    {N_("TTL of a name"),
	N_("How long an answer of the DNS may be remembered.")},
    {N_("DHCP"),
	N_("How a device gets its IP address by itself when it is plugged "
	   "in.")},
    {N_("Port"),
	N_("The number of a door at an address. Each service has its own; 443 "
	   "is that of secure web pages.")},
    {N_("TCP"),
	N_("A connection that both ends confirm, so that it can be proved.")},
    {N_("UDP"),
	N_("Single packets that nobody has to confirm. Silence proves "
	   "nothing.")},
    {N_("TLS"),
	N_("Encryption. Each end shows a certificate, so that nobody in "
	   "between can read along.")},
    {N_("Certificate"),
	N_("The identity card of a server. If another one is shown, somebody "
	   "stands in between.")},
    {N_("TLS inspection"),
	N_("A firewall opens encrypted traffic and shows its own certificate. "
	   "Most products refuse that.")},
    {N_("Proxy"),
	N_("A computer that fetches pages in place of others. Most products "
	   "cannot use one.")},
    {N_("VPN"),
	N_("A tunnel into another network. Checks through it would tell about "
	   "that one, not about this site.")},
    {N_("Login page"),
	N_("A page that guests of a Wi-Fi must click away first. Devices "
	   "cannot.")},
    {N_("NTP"), N_("How devices set their clocks.")},
    {N_("Broadcast, multicast"),
	N_("A call to all devices, or to a group of them, to find each other. "
	   "It does not leave its own network.")},
    {N_("VLAN"), N_("One of several networks that share the same cables.")},
    {N_("Idle time-out"),
	N_("How long a quiet connection is kept open by the router.")},
    {N_("Ping"), N_("A short call that asks a device whether it is there.")},
};
const size_t glossary_term_count = sizeof glossary_terms /
    sizeof *glossary_terms;

static const char *const outcomes[] = {
    [OUTCOME_PASS] = N_("The evidence that this need asks for was seen."),
    [OUTCOME_MARGINAL] = N_(
	"It works, but one of several addresses or answers failed."),
    [OUTCOME_WARN] = N_("Something optional fails, another way works, or a "
			"clock is off."),
    [OUTCOME_FAIL] = N_("It was refused, answered wrongly, or silent where an "
			"answer was due."),
    [OUTCOME_UNPROVEN] = N_(
	"It was tried, and cannot be decided from this computer. It may "
	"work or not."),
    [OUTCOME_BLOCKED_BY] = N_(
	"Something else has to work first, mostly the name."),
    [OUTCOME_NOT_APPLICABLE] = N_(
	"By your answers this site does not need it."),
    [OUTCOME_NOT_RUN] = N_("Nobody looked; the reason stands beside it."),
    [OUTCOME_TOOL_ERROR] = N_("The check itself went wrong, which says nothing "
			      "about the network."),
    [OUTCOME_WAIVED] = N_("It does not pass, and a named person accepts that."),
};

static const char *const rungs[] = {
    [RUNG_APP_REPLY] = N_(
	"The best evidence: the very service replied in its own language."),
    [RUNG_TLS_EXPECTED] = N_(
	"The server showed the certificate that the product expects."),
    [RUNG_TLS_OTHER] = N_(
	"Somebody else's certificate was shown: nearly always an "
	"inspecting firewall."),
    [RUNG_TRANSPORT] = N_(
	"A connection was accepted, or a packet answered; by whom is not "
	"known."),
    [RUNG_PASSED_GATEWAY] = N_(
	"It came back from beyond the gateway, so the site lets it out, "
	"though nobody answered."),
    [RUNG_REJECTED] = N_("Somebody sent a clear no."),
    [RUNG_SILENCE] = N_("Nothing came back, however often it was tried."),
    [RUNG_LOCAL_ERROR] = N_("It did not even leave this computer."),
    [RUNG_NONE] = N_("There is no evidence at all."),
};

const char *
glossary_outcome(int outcome)
{
	return outcome >= 0 &&
		outcome < (int)(sizeof outcomes / sizeof *outcomes) ?
	    outcomes[outcome] :
	    NULL;
}

const char *
glossary_rung(int rung)
{
	return rung >= 0 && rung < (int)(sizeof rungs / sizeof *rungs) ?
	    rungs[rung] :
	    NULL;
}
