/* SPDX-License-Identifier: MIT */
/* Which paper lies in the printers here. */
#ifndef TUI_PAPER_SIZE_H
#define TUI_PAPER_SIZE_H

#include "core/export/sheet/sheet.h"

/* By the locale that the program runs in (LC_PAPER); A4 where it is silent. */
enum sheet_size paper_usual(void);

#endif
