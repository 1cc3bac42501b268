# SPDX-License-Identifier: MIT
# make, make check, make demo, make lint, make install; `make help` lists all.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
LOCALEDIR ?= $(PREFIX)/share/locale
DOCDIR ?= $(PREFIX)/share/doc/sitewalk
MANDIR ?= $(PREFIX)/share/man
# The distribution's copy of Mozilla's root certificates, one a file.
ROOTS ?= /usr/share/ca-certificates/mozilla

ifeq ($(origin CC),default)
CC := gcc
endif
AR ?= ar
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
B := build

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

ifeq ($(V),1)
Q :=
say := @:
else
Q := @
say := @printf '  %-8s %s\n'
endif

# --- what is built from what -------------------------------------------

CORE_SRC := $(sort $(wildcard core/*/*.c core/*/*/*.c))
TUI_SRC := $(sort $(wildcard tui/*.c tui/*/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_LIB_SRC := $(sort $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c)))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$B/asan/tests/%)

LINGUAS := $(sort $(patsubst locale/%.po,%,\
	$(filter-out locale/packs-%,$(wildcard locale/*.po))))
PACK_LINGUAS := $(sort $(patsubst locale/packs-%.po,%,\
	$(wildcard locale/packs-*.po)))
MO := $(LINGUAS:%=$B/locale/%/LC_MESSAGES/sitewalk.mo) \
	$(PACK_LINGUAS:%=$B/locale/%/LC_MESSAGES/sitewalk-packs.mo)

# --- flags -------------------------------------------------------------

PKGS := libevent_core libcares openssl libcurl yaml-0.1 jansson sqlite3 \
	ncursesw libnl-3.0 libnl-genl-3.0 libsystemd pangocairo libqrencode \
	libpsl
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
CHECK_CFLAGS := $(shell $(PKG_CONFIG) --cflags check 2>/dev/null)
CHECK_LIBS := $(shell $(PKG_CONFIG) --libs check 2>/dev/null)
NFQ_LIBS := $(shell $(PKG_CONFIG) --libs libnetfilter_queue 2>/dev/null)

CPPFLAGS_ALL := -I. -D_GNU_SOURCE -DCARES_NO_DEPRECATED \
	-DSITEWALK_VERSION='"$(VERSION)"' \
	-DSITEWALK_LOCALEDIR='"$(LOCALEDIR)"' $(PKG_CFLAGS) $(CPPFLAGS)
# In a row of a table, what does not apply is left out.
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wwrite-strings -Wformat=2 -Wno-format-nonliteral -Wvla -Wundef \
	-Wimplicit-fallthrough -Wnested-externs -Wredundant-decls \
	-Wno-missing-field-initializers
# Not every machine has every protection: ask the compiler, once for each.
supported = $(foreach f,$(2),$(shell $(1) -Werror $(f) -x c -c /dev/null \
	-o /dev/null 2>/dev/null && echo $(f)))
PROTECT := -fstack-clash-protection -fcf-protection
HARDEN := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

STD := -std=c17
obj_CC := $(CC)
obj_CFLAGS = $(STD) $(WARNINGS) $(CFLAGS) $(HARDEN) $(obj_PROTECT)
obj_PROTECT := $(call supported,$(CC),$(PROTECT))
clang_CC := clang
clang_CFLAGS = $(STD) $(WARNINGS) -O2 -g $(HARDEN)
asan_CC := gcc
asan_CFLAGS = $(STD) $(WARNINGS) -O1 -g -U_FORTIFY_SOURCE $(SANITIZE)

# --- the three ways to compile: plain, with clang, with sanitizers -----

$B/obj/%.o: %.c $B/gen/obj.flags | packages
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(obj_CC) $(CPPFLAGS_ALL) $(obj_CFLAGS) -MMD -MP -c -o $@ $<

$B/clang/%.o: %.c $B/gen/clang.flags | packages
	$(say) CLANG $<
	@mkdir -p $(@D)
	$(Q)$(clang_CC) $(CPPFLAGS_ALL) $(clang_CFLAGS) -MMD -MP -c -o $@ $<

$B/asan/%.o: %.c $B/gen/asan.flags | packages
	$(say) ASAN $<
	@mkdir -p $(@D)
	$(Q)$(asan_CC) $(CPPFLAGS_ALL) $(CHECK_CFLAGS) $(asan_CFLAGS) \
		-MMD -MP -c -o $@ $<

CORE_OBJ := $(CORE_SRC:%.c=$B/obj/%.o) $B/obj/$B/gen/builtin.o
TUI_OBJ := $(TUI_SRC:%.c=$B/obj/%.o)
CLANG_OBJ := $(patsubst %.c,$B/clang/%.o,$(CORE_SRC) $(TUI_SRC)) \
	$B/clang/$B/gen/builtin.o
ASAN_CORE_OBJ := $(CORE_SRC:%.c=$B/asan/%.o) $B/asan/$B/gen/builtin.o
ASAN_TUI_OBJ := $(TUI_SRC:%.c=$B/asan/%.o)
ASAN_UNIT_OBJ := $(UNIT_LIB_SRC:%.c=$B/asan/%.o)

$B/libsitewalk-core.a: $(CORE_OBJ)
$B/asan/libsitewalk-core.a: $(ASAN_CORE_OBJ)
$B/asan/libsitewalk-tui.a: $(ASAN_TUI_OBJ)
$B/asan/libunit.a: $(ASAN_UNIT_OBJ)
%.a: $B/gen/sources
	$(say) AR $@
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$B/sitewalk: $(TUI_OBJ) $B/libsitewalk-core.a
	$(say) LD $@
	$(Q)$(obj_CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$B/clang/sitewalk: $(CLANG_OBJ)
	$(say) LD $@
	$(Q)$(clang_CC) $(HARDEN_LD) -o $@ $^ $(PKG_LIBS)

$B/asan/sitewalk: $(ASAN_TUI_OBJ) $B/asan/libsitewalk-core.a
	$(say) LD $@
	$(Q)$(asan_CC) $(SANITIZE) -o $@ $^ $(PKG_LIBS)

$(UNIT_BIN): $B/asan/tests/%: $B/asan/tests/unit/%.o $B/asan/libunit.a \
		$B/asan/libsitewalk-tui.a $B/asan/libsitewalk-core.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(asan_CC) $(SANITIZE) -o $@ $^ $(CHECK_LIBS) $(PKG_LIBS)

# Its pictures are the same on every day and every machine.
$B/asan/tests/test_golden $B/asan/tests/test_golden_signs: private \
	PKG_LIBS += -Wl,--wrap=clock_wall_us -Wl,--wrap=clock_mono_us \
	-Wl,--wrap=vantage_read -Wl,--wrap=export_measure

$B/bench/judge_time: $B/obj/tests/bench/judge_time.o $B/libsitewalk-core.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(obj_CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$B/lab/%: tests/lab/%.c $B/gen/obj.flags | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(obj_CC) $(CPPFLAGS_ALL) $(obj_CFLAGS) $(HARDEN_LD) \
		-MMD -MP -o $@ $< $(NFQ_LIBS)

# However deep a folder of sources is.
-include $(shell find $B -name '*.d' -type f 2>/dev/null)

# A changed flag, compiler or list of sources rebuilds what depends on it.
keep = @mkdir -p $(@D); printf '%s\n' $(1) >$@.new; \
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
quoted = '$(subst ','\'',$(1))'

$B/gen/%.flags: FORCE
	$(call keep,$(call quoted,$($*_CC) $($*_CFLAGS) $(CPPFLAGS_ALL)))

$B/gen/sources: FORCE
	$(call keep,$(call quoted,$(CORE_SRC) $(TUI_SRC) $(UNIT_LIB_SRC)))

FORCE:

# --- files built into the program --------------------------------------

EMBED := $(sort $(wildcard wizards/*.yaml wizards/keys/*.pem))
SCHEMA := $(sort $(wildcard core/export/schema/*.json))
ROOT_CRT := $(sort $(wildcard $(ROOTS)/*.crt))

$B/gen/public-roots.pem: $(ROOT_CRT) $B/gen/embedded
	@if [ -z "$(firstword $(ROOT_CRT))" ]; then \
		echo "No root certificates in $(ROOTS):" \
		"install the package ca-certificates." >&2; exit 1; fi
	$(say) GEN $@
	$(Q)for f in $(ROOT_CRT); do printf '# %s\n' "$${f##*/}"; cat "$$f"; \
		done >$@

$B/gen/builtin.c: core/base/builtin.sh $B/gen/embedded $(EMBED) $(SCHEMA) \
		$B/gen/public-roots.pem
	$(say) GEN $@
	$(Q)sh core/base/builtin.sh $(foreach f,$(EMBED),$f=$f) \
		$(foreach f,$(SCHEMA),schema/$(notdir $f)=$f) \
		public-roots.pem=$B/gen/public-roots.pem >$@

$B/gen/embedded: FORCE
	$(call keep,$(call quoted,$(EMBED) $(SCHEMA) $(ROOT_CRT)))

# --- languages ---------------------------------------------------------

$B/locale/%/LC_MESSAGES/sitewalk.mo: locale/%.po | packages
	$(say) MO $@
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

$B/locale/%/LC_MESSAGES/sitewalk-packs.mo: locale/packs-%.po | packages
	$(say) MO $@
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

# A language that nobody speaks, for the tests of the screen.
PSEUDO := $(addprefix $B/pseudo/qps/LC_MESSAGES/,sitewalk.mo sitewalk-packs.mo)

$B/pseudo/sitewalk.pot: $(CORE_SRC) $(TUI_SRC)
	@mkdir -p $(@D)
	$(Q)$(XGETTEXT) -o $@ \
		$(sort $(wildcard core/*/*.[ch] core/*/*/*.[ch] tui/*.[ch] tui/*/*.[ch]))

$B/pseudo/sitewalk-packs.pot: $B/sitewalk
	@mkdir -p $(@D)
	$(Q)$B/sitewalk packs strings >$@

$(PSEUDO): $B/pseudo/qps/LC_MESSAGES/%.mo: $B/pseudo/%.pot tests/pseudo
	$(say) MO $@
	@mkdir -p $(@D)
	$(Q)tests/pseudo $< >$(@:.mo=.po)
	$(Q)msgfmt -o $@ $(@:.mo=.po)

# --- manual pages ------------------------------------------------------

# The program writes them from its tables; a command is a file there.
PAGES := sitewalk sitewalk-help \
	$(patsubst tui/commands/cmd_%.c,sitewalk-%,$(filter \
	tui/commands/cmd_%.c,$(TUI_SRC)))
MAN := $(PAGES:%=$B/man/%.1)
# English on every machine, and nothing of the person who builds.
manual = env -u LANGUAGE LC_ALL=C $B/sitewalk help --man

$B/man/sitewalk.1: $B/sitewalk
	$(say) MAN $@
	@mkdir -p $(@D)
	$(Q)$(manual) >$@

$B/man/sitewalk-%.1: $B/sitewalk
	$(say) MAN $@
	@mkdir -p $(@D)
	$(Q)$(manual) $* >$@

# --- targets -----------------------------------------------------------

all: $B/sitewalk $(MO) $(MAN)	## build build/sitewalk

clang: $B/clang/sitewalk	## build everything once with clang, into build/clang

asan: $B/asan/sitewalk $(UNIT_BIN)	## build with sanitizers, and the unit tests

lab: $B/lab/delay		## build what the lab needs

# Says what to do instead of failing in the middle of a compiler's output.
packages:
	@missing=; \
	for tool in $(firstword $(CC)) $(PKG_CONFIG) msgfmt; do \
		command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	for lib in $(PKGS); do \
		$(PKG_CONFIG) --exists $$lib 2>/dev/null || \
		missing="$$missing $$lib"; done; \
	if [ -n "$$missing" ]; then \
		echo "Not installed:$$missing." >&2; \
		echo "Run tests/setup build to install what building needs;" \
		"make demo and make check do that themselves." >&2; \
		exit 1; fi

# The libraries are looked for when make starts, so what comes after the
# installation runs in a make of its own.
jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
setup = @sh tests/setup
# The distribution's python3 goes before any other: it has the modules.
system_first = PATH="/usr/sbin:/usr/bin:/sbin:/bin:$$PATH"

check:				## install what is missing, build, run all tests
	$(setup) build check lab
	+$(Q)$(MAKE) --no-print-directory $(jobs) all clang asan lab $(PSEUDO) \
		$B/bench/judge_time
	$(Q)$(system_first) tests/run

demo:				## install what is missing, open the wizard in the lab
	$(setup) build lab
	+$(Q)$(MAKE) --no-print-directory $(jobs) all lab
	$(Q)$(system_first) exec tests/lab/demo

lint:				## structure, layout and static analysis
	$(setup) build check lint
	+$(Q)$(MAKE) --no-print-directory $(jobs) all
	$(Q)tests/arrows
	$(Q)$(system_first) tests/lint

format:				## lay out the .c files by .clang-format
	$(Q)clang-format -i $(sort $(shell find core tui tests -name '*.c'))

# UPDATE=1 writes the result, and that of the last soak, into README.md.
grade: all lab			## judge the program by every scenario, into build/grade
	$(Q)$(system_first) tests/lab/lab grade
	$(if $(UPDATE),$(Q)$(system_first) tests/lab/lab publish)

RUNS ?= 20
soak: all lab			## run the healthy scenarios RUNS times in random order
	$(Q)$(system_first) tests/lab/lab soak --runs $(RUNS)

bench: all lab $B/bench/judge_time	## measure pace, memory, start-up
	$(Q)$(system_first) tests/bench/run

pictures: all lab		## take the pictures in README.md anew
	$(Q)$(system_first) tests/first_user pictures

fresh:				## try make demo and make check on a fresh Debian; needs root
	$(Q)tests/fresh

XGETTEXT := xgettext --from-code=UTF-8 --add-comments=TRANSLATORS: \
	--package-name=sitewalk --sort-by-file --add-location=file \
	--keyword=_ --keyword=N_ --keyword=P_:1,2 \
	--flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
	--flag=P_:1:pass-c-format --flag=P_:2:pass-c-format

pot: $B/sitewalk		## renew the catalogues in locale/ from the sources
	$(say) POT locale/sitewalk.pot
	$(Q)$(XGETTEXT) -o $B/sitewalk.pot \
		$(sort $(wildcard core/*/*.[ch] core/*/*/*.[ch] tui/*.[ch] tui/*/*.[ch]))
	$(Q)sed '/^"POT-Creation-Date:/d' $B/sitewalk.pot >locale/sitewalk.pot
	$(say) POT locale/packs.pot
	$(Q)$B/sitewalk packs strings >$B/packs.pot && \
		mv $B/packs.pot locale/packs.pot
	$(Q)for l in $(LINGUAS); do \
		msgmerge --quiet --update --backup=none --previous \
		locale/$$l.po locale/sitewalk.pot || exit 1; done
	$(Q)for l in $(PACK_LINGUAS); do \
		msgmerge --quiet --update --backup=none --previous \
		locale/packs-$$l.po locale/packs.pot || exit 1; done

install: all			## install under DESTDIR and PREFIX
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(DOCDIR)"
	install -m 755 $B/sitewalk "$(DESTDIR)$(BINDIR)/sitewalk"
	install -m 644 $(wildcard README.md LICENSE) "$(DESTDIR)$(DOCDIR)"
	install -d "$(DESTDIR)$(DOCDIR)/schema"
	install -m 644 $(SCHEMA) "$(DESTDIR)$(DOCDIR)/schema"
	for mo in $(MO:$B/locale/%=%); do \
		install -D -m 644 "$B/locale/$$mo" \
		"$(DESTDIR)$(LOCALEDIR)/$$mo" || exit 1; done
	install -d "$(DESTDIR)$(MANDIR)/man1"
	install -m 644 $(MAN) "$(DESTDIR)$(MANDIR)/man1"

uninstall:			## remove what install put there
	rm -f "$(DESTDIR)$(BINDIR)/sitewalk"
	rm -rf "$(DESTDIR)$(DOCDIR)"
	for mo in $(MO:$B/locale/%=%); do \
		rm -f "$(DESTDIR)$(LOCALEDIR)/$$mo"; done
	for page in $(PAGES); do \
		rm -f "$(DESTDIR)$(MANDIR)/man1/$$page.1"; done

clean:				## remove build/
	rm -rf $B

help:				## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

.PHONY: FORCE all asan bench grade check clang clean demo format fresh help install \
	lab lint packages pictures pot soak uninstall
.SECONDARY:
