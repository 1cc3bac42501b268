/* SPDX-License-Identifier: MIT */
/* Owns what the rungs do not say: one row for each word that a probe gives as
 * its detail "why". */
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/judges.h"

/* %s is the detail of this name, or nothing. */
struct row {
	const char *word;
	const char *about;
	const char *sentence;
};

static const struct row rows[] = {
    /* The local network */
    {"far_end", NULL,
	N_("Nothing answered, and nobody need: it is not documented what is "
	   "sent on this port. A second program at the far end is needed to "
	   "prove this.")},
    {"tpi_licence", NULL,
	N_("The controller answers, so the network lets this through; but it "
	   "says that the function is not unlocked, which takes a licence for "
	   "each controller.")},
    {"tpi_silent", NULL,
	N_("Nothing answered. Either the way is blocked, or the interface is "
	   "not switched on, which takes a licence for each controller.")},
    /* Searches and groups */
    {"no_answer", NULL,
	N_("No device answered the search. Devices may be switched "
	   "off, so this proves nothing.")},
    {"no_answer_firewall", NULL,
	N_("No device answered the search. Devices may be switched "
	   "off, or a firewall on this laptop drops their answers, "
	   "so this proves nothing.")},
    {"announced_only", NULL,
	N_("Devices announce themselves, but none answered. A "
	   "firewall on this laptop may drop their answers.")},
    {"other_answered", NULL,
	N_("Devices answered the search, but not of the kind, or not "
	   "in the ways, that would prove this.")},
    {"others_heard", NULL,
	N_("Something was heard there, but not what would prove "
	   "this.")},
    {"group_heard", NULL,
	N_("Something was sent to this group and heard here, but not "
	   "in a form that is known.")},
    {"broadcast_heard", NULL,
	N_("A broadcast of another machine was heard on this port.")},
    {"no_event", NULL,
	N_("Nothing came to this group while the laptop listened. "
	   "Devices send there only when something happens, so this "
	   "proves nothing.")},
    {"no_longer_heard", NULL,
	N_("The group was heard at first, and no more after some "
	   "minutes. Either nothing happened, or a switch forgot the "
	   "group for want of an IGMP querier.")},
    {"no_broadcast", NULL,
	N_("No such broadcast came while the laptop listened. What "
	   "devices send there is not documented, so a second program "
	   "at the far end is needed to prove this.")},
    {"no_clock", NULL,
	N_("No clock was heard while the laptop listened. The devices "
	   "may be off, or keep their clocks together in another "
	   "way, so this proves nothing.")},
    {"no_master", NULL, N_("PTP was heard, but no clock that gives the time.")},
    {"no_port", NULL, N_("The pack does not say on which port to listen.")},
    {"port_taken", NULL,
	N_("Another program on this laptop keeps the port to itself. "
	   "Close it, then check again.")},
    {"no_unreachable", NULL,
	N_("No message that a destination is unreachable came back. "
	   "Not every host sends one, so this proves nothing.")},
    {"unreachable_from_gateway", NULL,
	N_("The site's own gateway says that the destination is "
	   "unreachable, so nothing is known of such messages from "
	   "the internet.")},
    /* DHCP */
    {"offer", "server",
	N_("The DHCP server %s offered this laptop an address.")},
    {"lease", "server",
	N_("The DHCP server %s gave this laptop its address here, and the "
	   "lease is young. Whether it has an address for one more device "
	   "was not asked.")},
    {"lease_old", NULL,
	N_("This laptop has its address by DHCP, but the lease should have "
	   "been renewed since, or its age is not known. So it is not known "
	   "whether the DHCP server still answers. Plug the cable out and in "
	   "again, then check again.")},
    {"lease_of_nobody", NULL,
	N_("This laptop seems to have its address by DHCP, but its system "
	   "does not tell from which server.")},
    {"lease_but_silent", NULL,
	N_("This laptop has its address by DHCP, but no DHCP server offered "
	   "one when asked again. Check again; if it stays so, ask the IT "
	   "desk whether the DHCP server works and has free addresses.")},
    {"two_servers", "server",
	N_("More than one DHCP server offers addresses here: %s. If that is "
	   "not meant to be so, a device may get a wrong address.")},
    {"no_ethernet", NULL,
	N_("This laptop's connection is not of a kind that DHCP can be asked "
	   "on.")},
    /* Wi-Fi */
    {"wired", NULL,
	N_("The laptop is not on a Wi-Fi, so nothing is known of it here. Join "
	   "the Wi-Fi of the devices with it, then check again.")},
    {"wifi_good", "ssid",
	N_("The access points of the Wi-Fi %s announce what is needed.")},
    {"some_stations", "ssid",
	N_("Some access points of the Wi-Fi %s announce what is needed, but "
	   "not all that were heard.")},
    {"ssid_not_heard", "ssid",
	N_("The Wi-Fi %s was not heard here. Open the list of Wi-Fi networks "
	   "on this laptop so that it searches anew, then check again.")},
    {"band_not_heard", "ssid",
	N_("This laptop has not listened on 2.4 GHz lately, so it is not "
	   "known whether the Wi-Fi %s is there. Open the list of Wi-Fi "
	   "networks so that it searches anew, then check again.")},
    {"five_ghz_only", "ssid",
	N_("The Wi-Fi %s was not heard on 2.4 GHz, where 802.11g is.")},
    {"newer_only", "ssid",
	N_("The Wi-Fi %s accepts only devices of a newer standard than "
	   "802.11g.")},
    {"older_only", "ssid", N_("The Wi-Fi %s offers no data rate of 802.11g.")},
    {"some_rates", "ssid",
	N_("The Wi-Fi %s offers 802.11g, but some of the older data rates "
	   "are switched off, which not every device copes with.")},
    {"high_channel", "ssid",
	N_("The Wi-Fi %s uses channel 12 or higher, which the devices cannot "
	   "hear.")},
    {"wpa1_only", "ssid",
	N_("The Wi-Fi %s is secured by the first WPA only, not by WPA2.")},
    {"wep", "ssid", N_("The Wi-Fi %s is secured by WEP, not by WPA2.")},
    {"no_security", "ssid", N_("The Wi-Fi %s has no security at all.")},
    {"wpa3_only", "ssid",
	N_("The Wi-Fi %s accepts WPA3 only, which the devices do not "
	   "know.")},
    {"enterprise", "ssid",
	N_("The Wi-Fi %s wants a sign-in of each device (802.1X) in place of "
	   "a password.")},
    {"other_security", "ssid",
	N_("The Wi-Fi %s is secured in a way that is not WPA2 personal.")},
    {"no_ccmp", "ssid",
	N_("The Wi-Fi %s encrypts by the old TKIP only, not by AES as WPA2 "
	   "does.")},
    {"mfp_required", "ssid",
	N_("The Wi-Fi %s demands protected management frames (802.11w), "
	   "which older devices do not know.")},
    {"newer_personal", "ssid",
	N_("The Wi-Fi %s offers WPA2 personal only in newer ways (SHA-256 or "
	   "fast roaming), which older devices do not know.")},
    {"transition", "ssid",
	N_("The Wi-Fi %s offers WPA2 and WPA3 together, which not every "
	   "device copes with.")},
};

const char *
why_sentence(struct record *r, const struct observation *o)
{
	const char *why = detail_text(o, "why"), *about;
	size_t i;

	for (i = 0; why != NULL && i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].word, why) != 0)
			continue;
		if (rows[i].about == NULL)
			return _(rows[i].sentence);
		about = detail_text(o, rows[i].about);
		return arena_printf(r->judged, _(rows[i].sentence),
		    about == NULL ? "?" : about);
	}
	return NULL;
}
