/* SPDX-License-Identifier: MIT */
/* Owns what is typed and cannot be stored as an answer yet: kept with the
 * place in the site's file, so that it outlives the program. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/screen/view.h"

/* Three bytes for a space, in each of some hundred fields. */
#define PLACE_MAX (1 << 20)

/* A text as one word, so that the place stays one line of words. */
static void
add_word(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == ' ')
			buf_adds(out, "%20");
		else if (*text == '%')
			buf_adds(out, "%25");
		else
			buf_addc(out, *text);
	}
}

/* The other way round, in place. */
static char *
read_word(char *word)
{
	char *to = word, *from = word;

	while (*from != '\0') {
		if (strncmp(from, "%20", 3) == 0 ||
		    strncmp(from, "%25", 3) == 0) {
			*to++ = from[2] == '0' ? ' ' : '%';
			from += 3;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return word;
}

/* The place in the file: the page, then id and text of each draft. What could
 * not be kept is remembered, so that nobody leaves without being asked. */
void
screen_save_place(struct screen *sc)
{
	struct error err;
	struct buf out;
	size_t i;

	if (sc->site == NULL || sc->site->file == NULL || sc->walk == NULL)
		return;
	buf_init(&out, PLACE_MAX);
	buf_adds(&out, walk_current(sc->walk)->place);
	for (i = 0; i < sc->ndrafts; i++) {
		buf_addf(&out, " %s ", sc->draft[i].id);
		add_word(&out, sc->draft[i].text);
	}
	sc->unsaved = out.overflowed && sc->ndrafts > 0;
	if (!out.overflowed &&
	    sitefile_save_place(sc->site->file, buf_str(&out), &err) != 0) {
		sc->unsaved = sc->ndrafts > 0;
		screen_say_error(sc, &err);
	}
	buf_free(&out);
}

const struct draft *
screen_draft(const struct screen *sc, const char *id)
{
	size_t i;

	for (i = 0; i < sc->ndrafts; i++) {
		if (strcmp(sc->draft[i].id, id) == 0)
			return &sc->draft[i];
	}
	return NULL;
}

static void
forget_draft(struct screen *sc, size_t i)
{
	mem_free(sc->draft[i].id);
	mem_free(sc->draft[i].text);
	mem_free(sc->draft[i].problem);
	sc->draft[i] = sc->draft[--sc->ndrafts];
}

static void
put_draft(struct screen *sc, const char *id, const char *text,
    const char *problem)
{
	const struct draft *old = screen_draft(sc, id);
	/* What is given may be of the old one itself. */
	struct draft new = {mem_strdup(id), mem_strdup(text),
	    mem_strdup(problem)};

	if (old != NULL)
		forget_draft(sc, (size_t)(old - sc->draft));
	if (text == NULL) {
		mem_free(new.id);
		mem_free(new.problem);
		return;
	}
	sc->draft = mem_grow(sc->draft, sc->ndrafts + 1, sizeof *sc->draft);
	sc->draft[sc->ndrafts++] = new;
}

void
screen_set_draft(struct screen *sc, const char *id, const char *text,
    const char *problem)
{
	if (text == NULL && screen_draft(sc, id) == NULL)
		return;
	put_draft(sc, id, text, problem);
	sc->dirty = true;
	screen_save_place(sc);
}

/* A question's or a thing's to write down, which is stored once it is right;
 * other pages keep drafts until their button is pressed. */
static bool
is_answer(const char *id)
{
	return strncmp(id, "q:", 2) == 0 || strncmp(id, "w:", 2) == 0;
}

void
screen_load_place(struct screen *sc, char *place)
{
	char *rest = place, *at = strsep(&rest, " "), *id, *text;

	if (!walk_go(sc->walk, at))
		walk_go_index(sc->walk, 0);
	while ((id = strsep(&rest, " ")) != NULL &&
	    (text = strsep(&rest, " ")) != NULL)
		put_draft(sc, id, read_word(text),
		    is_answer(id) ? _("This is not complete yet.") : NULL);
}

struct item *
screen_field(struct screen *sc, struct page *p, const char *id,
    const char *label, const char *value)
{
	const struct draft *d = screen_draft(sc, id);
	size_t at;

	page_field(p, id, label,
	    arena_strdup(p->arena, d != NULL ? d->text : value));
	at = p->nitems - 1;
	if (d != NULL && d->problem != NULL)
		page_text(p, ROLE_BAD, 2, arena_strdup(p->arena, d->problem))
		    ->glyph = GLYPH_WARN;
	return &p->item[at];
}

bool
screen_has_problem(struct screen *sc, struct frame *f)
{
	const struct draft *d;
	size_t i;

	for (i = 0; i < f->page.nitems; i++) {
		const struct item *it = &f->page.item[i];

		if (it->kind != ITEM_FIELD)
			continue;
		d = screen_draft(sc, it->id);
		if (d == NULL || d->problem == NULL)
			continue;
		screen_say(sc, ROLE_BAD, "%s", d->problem);
		page_focus(&f->page, it->id);
		return true;
	}
	return false;
}

void
screen_forget_drafts(struct screen *sc)
{
	while (sc->ndrafts > 0)
		forget_draft(sc, sc->ndrafts - 1);
	sc->unsaved = false;
}
