/* SPDX-License-Identifier: MIT */
/* Owns the tables of the environment and of the files. */
#include "tui/commands/manual_tables.h"

#include <stddef.h>

#include "core/base/i18n.h"

const struct manual_entry manual_environment[] = {
    {"ACCESSIBLE",
	N_("If it is set to anything but 0, false or no, the wizard asks in "
	   "plain lines, as with --accessible.")},
    {"COLUMNS, LINES",
	N_("The size of the terminal, where the terminal itself does not tell "
	   "it; how wide the plain lines are.")},
    {"ESCDELAY",
	N_("How many milliseconds Esc waits for the rest of a key. Without "
	   "it, longer where SSH_CONNECTION or SSH_TTY says that the terminal "
	   "is far away.")},
    {"HOME",
	N_("Your own folder, for what the two XDG variables do not name and "
	   "for paths that begin with a tilde.")},
    {"http_proxy, https_proxy, all_proxy",
	N_("A proxy that is set here, also in capitals, is told with the "
	   "results. The checks go around it, as the devices do.")},
    {"LANGUAGE, LC_ALL, LC_MESSAGES, LANG",
	N_("The language of the commands, and of the wizard until one is "
	   "chosen there. The size of the paper follows LC_ALL, LC_PAPER or "
	   "LANG.")},
    {"NO_COLOR", N_("If it is set and not empty, the screen has no colours.")},
    {"SITEWALK_KEY",
	N_("The key to sign with, as --key takes it, which counts before "
	   "this.")},
    {"SSH_AUTH_SOCK", N_("Where ssh-agent is reached, for --key agent.")},
    {"TERM",
	N_("The kind of terminal. Where it is not known or cannot move its "
	   "cursor, the wizard asks in plain lines.")},
    {"TMPDIR",
	N_("A folder for the copy of a site file that may only be read; /tmp "
	   "without it.")},
    {"XDG_CONFIG_HOME",
	N_("The folder of the settings; ~/.config without it.")},
    {"XDG_DATA_DIRS",
	N_("The folders with packs for all users, the first one before the "
	   "others; /usr/local/share and /usr/share without it.")},
    {"XDG_DATA_HOME",
	N_("The folder of the sites; ~/.local/share without it.")},
    {NULL, NULL},
};

const struct manual_entry manual_files[] = {
    {"~/.local/share/sitewalk/sites/",
	N_("The sites that were begun in the wizard, a file each; beside it, "
	   "in NAME-handover, the papers that were written. In archive stand "
	   "those that were put away.")},
    {"~/.config/sitewalk/settings",
	N_("What was chosen once for all sites: the language, the looks, the "
	   "paper, the firewalls, and which key signs.")},
    {"~/.config/sitewalk/signing-key",
	N_("The key that the wizard makes for you, if you ask it to.")},
    {"~/.config/sitewalk/allowed_signers",
	N_("Whose keys you trust, where --allowed-signers names no other "
	   "file.")},
    {"~/.config/sitewalk/packs/",
	N_("Packs that are newer than those built in, and the keys of their "
	   "vendors in keys.")},
    {"/usr/local/share/sitewalk/packs/, /usr/share/sitewalk/packs/",
	N_("The same for all users.")},
    {NULL, NULL},
};
