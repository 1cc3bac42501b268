/* SPDX-License-Identifier: MIT */
/* Owns the sentences of the causes, one row each. */
#include "core/judge/cause_words.h"

#include <stddef.h>

#include "core/base/i18n.h"

static const struct cause_words words[] = {
    {CAUSE_DNS_NXDOMAIN,
	N_("The site's DNS server says that there is no name %1$s."),
	N_("Ask the IT desk to let this name through; if it is missing "
	   "elsewhere too, ask the vendor.")},
    {CAUSE_DNS_SERVFAIL, N_("The site's DNS server could not look up %1$s."),
	N_("Ask the IT desk why the DNS server fails for this name.")},
    {CAUSE_DNS_REFUSED, N_("The DNS server refused to answer for %1$s."),
	N_("Ask the IT desk to allow this name on the DNS server.")},
    {CAUSE_DNS_TIMEOUT, N_("No DNS server answered for %1$s."),
	N_("Check the cable and the DHCP settings, then ask the IT desk "
	   "which DNS server the devices must use.")},
    {CAUSE_DNS_REWRITTEN,
	N_("The site's DNS server gives %1$s an address of a private "
	   "network, which is not the vendor's."),
	N_("Ask the IT desk to stop rewriting this name.")},
    {CAUSE_DNS_SINKHOLE,
	N_("The site's DNS server sends %1$s to nowhere on purpose."),
	N_("Ask the IT desk to take this name off the block list.")},
    {CAUSE_DNS_DISAGREE,
	N_("The site's DNS server gives %1$s an address that neither the "
	   "vendor's own DNS servers nor the vendor's document know."),
	N_("Ask the IT desk whether this name is redirected; if it is not, "
	   "ask the vendor whether the addresses have changed.")},
    {CAUSE_DNS_TTL_STRETCHED,
	N_("The site's DNS server keeps %1$s for longer than its owner "
	   "allows, so that devices may be led to a server that is gone."),
	N_("Ask the IT desk to switch off minimum cache times and stale "
	   "answers on the DNS server.")},
    {CAUSE_DNS_REBIND_FILTER,
	N_("The site's DNS server withholds the private address that belongs "
	   "to %1$s: its protection against DNS rebinding removes it."),
	N_("Ask the IT desk to exempt this domain from DNS rebinding "
	   "protection.")},
    {CAUSE_DNS_INTERCEPTED,
	N_("Something on the way answered in place of the DNS server "
	   "%1$s."),
	N_("Ask the IT desk to let DNS to this server pass "
	   "unchanged.")},
    {CAUSE_TCP_REFUSED, N_("The connection to %1$s was refused %2$s."),
	N_("If the host itself refuses, ask the vendor; otherwise ask "
	   "the IT desk to allow it.")},
    {CAUSE_TCP_RESET, N_("The connection to %1$s was cut off by a reset %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_TCP_TIMEOUT,
	N_("Nothing came back from %1$s in several attempts; it is "
	   "dropped %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_NET_UNREACHABLE,
	N_("The network of %1$s was reported as unreachable %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_HOST_UNREACHABLE,
	N_("The host %1$s was reported as unreachable %2$s."),
	N_("Check the address and whether the device has power and a "
	   "link; on the internet side ask the IT desk.")},
    {CAUSE_ADMIN_PROHIBITED, N_("A firewall rule forbids %1$s %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_TLS_EXPIRED, N_("The certificate of %1$s has expired."),
	N_("Tell the vendor; nothing on the site can mend this.")},
    {CAUSE_TLS_NOT_YET_VALID, N_("The certificate of %1$s is not valid yet."),
	N_("Tell the vendor; nothing on the site can mend this.")},
    {CAUSE_TLS_NAME_MISMATCH,
	N_("The server that answered for %1$s has a certificate for "
	   "another name."),
	N_("Ask the IT desk whether the connection is redirected.")},
    {CAUSE_TLS_INTERCEPTED,
	N_("The secure connection to %1$s is opened and read by a "
	   "device %2$s, which the product will not accept."),
	N_("Ask the IT desk to exempt this host from TLS "
	   "inspection.")},
    {CAUSE_TLS_UNTRUSTED,
	N_("The certificate of %1$s does not come from the expected "
	   "authority."),
	N_("Ask the IT desk whether secure connections are "
	   "inspected.")},
    {CAUSE_TLS_PROTOCOL, N_("No secure connection to %1$s could be agreed on."),
	N_("Ask the IT desk whether secure connections are inspected or "
	   "limited.")},
    {CAUSE_TLS_RESET_AFTER_HELLO,
	N_("The connection to %1$s is cut off as soon as a secure "
	   "connection begins."),
	N_("Ask the IT desk to exempt this host from TLS filtering.")},
    {CAUSE_ALPN_MISSING,
	N_("The server %1$s did not agree to the protocol that the "
	   "product needs inside the secure connection."),
	N_("Ask the IT desk whether a proxy stands in between.")},
    {CAUSE_WRONG_PROTOCOL,
	N_("Something answered for %1$s, but not in the protocol "
	   "expected."),
	N_("Ask the IT desk whether the connection is redirected.")},
    {CAUSE_HTTP_BLOCKPAGE,
	N_("A page came back for %1$s, but not the vendor's."),
	N_("Ask the IT desk to allow this web host.")},
    {CAUSE_HTTP_STATUS,
	N_("The web server for %1$s answered with an unexpected "
	   "status."),
	N_("Ask the IT desk to allow this web host; if they do, ask the "
	   "vendor.")},
    {CAUSE_CAPTIVE_PORTAL, N_("A sign-in page answers in place of %1$s."),
	N_("Ask the IT desk for a network without a sign-in page for the "
	   "devices.")},
    {CAUSE_PROXY_ONLY,
	N_("Something %2$s takes every connection to %1$s itself."),
	N_("Ask the IT desk to let the devices through without a "
	   "proxy.")},
    {CAUSE_CLOCK_SKEW,
	N_("The time server %1$s answers, but its time and this "
	   "laptop's differ."),
	N_("Set the clock of this laptop, then check again.")},
    {CAUSE_NTP_UNSYNCHRONISED,
	N_("The time server %1$s answers, but it does not know the time "
	   "itself."),
	N_("Ask the IT desk or the vendor about this time server.")},
    {CAUSE_NTP_INTERCEPTED,
	N_("Something %2$s answers in place of the time server %1$s."),
	N_("Ask the IT desk to let time (NTP) pass to this server "
	   "unchanged.")},
    {CAUSE_SIP_ALG,
	N_("Something %2$s rewrites telephony messages (SIP) to and from "
	   "%1$s."),
	N_("Ask the IT desk to switch off the SIP helper (ALG) of the "
	   "router or firewall.")},
    {CAUSE_SERVICE_SILENT,
	N_("%1$s accepts the connection, but then does not answer in its "
	   "own protocol."),
	N_("Ask the IT desk whether a filter holds this traffic back; if "
	   "not, ask the vendor.")},
    {CAUSE_MTU_BLACKHOLE,
	N_("%1$s accepts the connection, but large packets are lost %2$s: it "
	   "answers only when small ones are asked for."),
	N_("Ask the IT desk why large packets are lost; nothing on the device "
	   "can mend this.")},
    {CAUSE_SERVICE_UNAVAILABLE,
	N_("The server %1$s answers, but says that it cannot serve at the "
	   "moment."),
	N_("Try again later; if it stays so, ask the vendor.")},
    {CAUSE_NAT_SYMMETRIC,
	N_("The server %1$s answers, but the router gives the same "
	   "traffic another port for each destination, so calls from "
	   "outside may fail."),
	N_("Ask the IT desk for a translation of addresses that keeps the "
	   "port the same for all destinations.")},
    {CAUSE_UDP_SILENT,
	N_("Nothing came back from %1$s in several attempts; it is "
	   "dropped %2$s."),
	N_("Ask the IT desk to allow this traffic.")},
    {CAUSE_BROADCAST_LOST,
	N_("The device answers at its own address, but a broadcast does not "
	   "reach it: %1$s."),
	N_("Plug the laptop into the network of the devices; if it is there, "
	   "ask the IT desk to let broadcasts pass inside of this network.")},
    {CAUSE_MULTICAST_LOST,
	N_("Devices answer this laptop alone, but what they send to a "
	   "multicast group does not reach it: %1$s."),
	N_("Ask the IT desk to let multicast pass in this network: on a Wi-Fi "
	   "it may be filtered, on a switch IGMP snooping needs a querier.")},
    {CAUSE_WRONG_INTERFACE,
	N_("The answer came on another network adapter of this laptop than "
	   "the one that the checks stand on: %1$s."),
	N_("Unplug or switch off the other network adapter, or choose the one "
	   "of the devices' network, and check again.")},
    {CAUSE_NAT_IDLE_SHORT,
	N_("The network forgets a connection to %1$s on which nothing was "
	   "said for a while."),
	N_("Ask the IT desk to keep idle connections for longer, or set a "
	   "shorter interval in the device.")},
    {CAUSE_GATEWAY_SILENT, N_("The gateway does not answer pings."),
	N_("Ask the IT desk to let the gateway answer pings from the "
	   "devices.")},
    {CAUSE_NO_DHCP,
	N_("No DHCP server offered an address for this laptop, though it was "
	   "asked several times."),
	N_("Check that this is the outlet and the network of the devices, "
	   "then ask the IT desk to hand out addresses by DHCP there.")},
    {CAUSE_WIFI_STANDARD, N_("The Wi-Fi does not offer 802.11g."),
	N_("Ask the IT desk for a Wi-Fi on 2.4 GHz with the data rates of "
	   "802.11g.")},
    {CAUSE_WIFI_CHANNEL,
	N_("The Wi-Fi is not on a channel that the devices can hear."),
	N_("Ask the IT desk to keep the Wi-Fi of the devices on channels 1 "
	   "to 11.")},
    {CAUSE_WIFI_SECURITY,
	N_("The Wi-Fi is not secured in the way that the devices know."),
	N_("Ask the IT desk for a Wi-Fi with WPA2 personal, which is a "
	   "password, for the devices.")},
    {CAUSE_PERMISSION, N_("This laptop did not allow the check of %1$s."),
	N_("Run the check from a laptop where it is allowed.")},
    {CAUSE_CANCELLED, N_("The check of %1$s was cancelled."),
	N_("Run it again.")},
    {CAUSE_NETWORK_CHANGED,
	N_("The network changed while %1$s was being checked."),
	N_("Run it again and stay on one network.")},
};

const struct cause_words *
cause_words(enum cause cause)
{
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].cause == cause)
			return &words[i];
	}
	return NULL;
}
