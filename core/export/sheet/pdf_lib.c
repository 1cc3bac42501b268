/* SPDX-License-Identifier: MIT */
/* Owns loading Pango and cairo at run time. */
#include "core/export/sheet/pdf_lib.h"

#include <dlfcn.h>
#include <string.h>

#include "core/base/i18n.h"

/* It brings all the others, and its number names what they must be able to:
 * the packages of Debian and Ubuntu are built against one another. */
#define LIBRARY "libpangocairo-1.0.so.0"

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define X(name) {#name, offsetof(struct pdf_lib, name)},
    PDF_LIB_FUNCTIONS(X)
#undef X
};

static int
missing(struct error *err, const char *what)
{
	error_set(err, ERR_SYSTEM,
	    _("A PDF cannot be made here, because a library is missing or too "
	      "old: %s."),
	    what);
	error_hint(err, "%s",
	    _("Install Pango (libpangocairo-1.0-0), or print the HTML form "
	      "from a browser."));
	return -1;
}

int
pdf_lib_open(struct pdf_lib *lib, struct error *err)
{
	void *function;
	size_t i;

	memset(lib, 0, sizeof *lib);
	/* They keep types and caches for the life of the process, which a
	 * second loading would make once more. */
	lib->handle = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	if (lib->handle == NULL)
		return missing(err, LIBRARY);
	for (i = 0; i < sizeof functions / sizeof *functions; i++) {
		function = dlsym(lib->handle, functions[i].name);
		if (function == NULL) {
			pdf_lib_close(lib);
			return missing(err, functions[i].name);
		}
		memcpy((char *)lib + functions[i].offset, &function,
		    sizeof function);
	}
	return 0;
}

void
pdf_lib_close(struct pdf_lib *lib)
{
	if (lib->handle != NULL)
		dlclose(lib->handle);
	lib->handle = NULL;
}
