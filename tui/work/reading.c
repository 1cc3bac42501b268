/* SPDX-License-Identifier: MIT */
/* Owns the threads that read handovers. */
#include "tui/work/reading.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/i18n.h"

#define THREADS_MAX 4
#define LARGE_BYTES ((int64_t)2 << 20) /* of these one at a time */
#define SUFFIX ".json"
#define USUAL_NAME "handover.json"

struct job {
	char *path;
	int64_t changed_ns;
	int64_t size;
	bool asked;
};

struct reading {
	pthread_t thread[THREADS_MAX];
	size_t nthreads;
	int pipe[2];
	struct strlist paths; /* in arena; the first thread alone looks */
	struct arena *arena;
	const struct buf *allowed; /* read by all */

	pthread_mutex_t large; /* held while a large file is read */
	pthread_mutex_t lock;  /* of all that follows */
	pthread_cond_t walked;
	struct job *job; /* newest first, once `walking` is over */
	size_t njobs, next;
	struct review_row **row; /* not taken yet */
	size_t nrows, row_space;
	struct reading_state state;
	size_t working; /* threads that are not done */
};

/* --- telling ----------------------------------------------------------- */

/* A full pipe tells already that there is something. */
static void
wake(struct reading *r)
{
	ssize_t n;

	do {
		n = write(r->pipe[1], "", 1);
	} while (n < 0 && errno == EINTR);
}

static bool
is_stopped(struct reading *r)
{
	bool stopped;

	pthread_mutex_lock(&r->lock);
	stopped = r->state.stopped;
	pthread_mutex_unlock(&r->lock);
	return stopped;
}

/* Takes the row; NULL: it was a document of another kind. */
static void
hand_over(struct reading *r, struct review_row *row)
{
	bool first;

	pthread_mutex_lock(&r->lock);
	first = r->nrows == 0;
	if (row == NULL) {
		r->state.others++;
	} else {
		if (r->nrows == r->row_space) {
			r->row_space = r->row_space * 2 + 64;
			r->row = mem_grow(r->row, r->row_space,
			    sizeof(struct review_row *));
		}
		r->row[r->nrows++] = row;
	}
	r->state.read++;
	pthread_mutex_unlock(&r->lock);
	if (first)
		wake(r);
}

/* --- looking for files ------------------------------------------------- */

/* What one thread alone fills before the others begin. */
struct walk {
	struct reading *reading;
	struct job *job;
	size_t njobs, space;
	size_t left_out;
};

static bool
ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n > k && strcmp(s + n - k, suffix) == 0;
}

static void
add_job(struct walk *w, const char *path, const struct stat *st, bool asked)
{
	if (w->njobs == READING_FILES_MAX) {
		w->left_out++;
		return;
	}
	if (w->njobs == w->space) {
		w->space = w->space * 2 + 64;
		w->job = mem_grow(w->job, w->space, sizeof *w->job);
	}
	w->job[w->njobs++] = (struct job){mem_strdup(path),
	    st == NULL ?
		0 :
		(int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
	    st == NULL ? 0 : st->st_size, asked};
}

static void look_into(struct walk *w, const char *dir, int depth);

static void
look_at(struct walk *w, DIR *d, const char *dir, const char *name, int depth)
{
	struct stat st;
	char *path;

	if (fstatat(dirfd(d), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	path = mem_printf("%s%s%s", dir, ends_with(dir, "/") ? "" : "/", name);
	/* What bears the name of a handover is told of, whatever it is. */
	if (S_ISDIR(st.st_mode) && strcmp(name, USUAL_NAME) != 0)
		look_into(w, path, depth + 1);
	else if (strcmp(name, USUAL_NAME) == 0 ||
	    (S_ISREG(st.st_mode) && ends_with(name, SUFFIX)))
		add_job(w, path, &st, false);
	mem_free(path);
}

static void
refuse_folder(struct reading *r, const char *dir)
{
	pthread_mutex_lock(&r->lock);
	r->state.found++;
	pthread_mutex_unlock(&r->lock);
	hand_over(r, review_row_refuse(dir, _("This folder cannot be read.")));
}

static void
look_into(struct walk *w, const char *dir, int depth)
{
	struct dirent *entry;
	DIR *d;

	if (depth > READING_DEPTH_MAX) {
		w->left_out++;
		return;
	}
	d = opendir(dir);
	if (d == NULL) {
		refuse_folder(w->reading, dir);
		return;
	}
	while (!is_stopped(w->reading) && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] != '.')
			look_at(w, d, dir, entry->d_name, depth);
	}
	closedir(d);
}

static int
newest_first(const void *x, const void *y)
{
	const struct job *a = x, *b = y;

	if (a->changed_ns != b->changed_ns)
		return a->changed_ns < b->changed_ns ? 1 : -1;
	return strcmp(a->path, b->path);
}

static void
walk(struct reading *r)
{
	struct walk w = {.reading = r};
	struct stat st;
	size_t i;

	for (i = 0; i < r->paths.count; i++) {
		const char *path = r->paths.item[i];

		bool there = stat(path, &st) == 0;

		if (there && S_ISDIR(st.st_mode))
			look_into(&w, path, 0);
		else
			add_job(&w, path, there ? &st : NULL, true);
	}
	if (w.njobs > 0)
		qsort(w.job, w.njobs, sizeof *w.job, newest_first);
	pthread_mutex_lock(&r->lock);
	r->job = w.job;
	r->njobs = w.njobs;
	r->state.found += w.njobs;
	r->state.left_out = w.left_out;
	r->state.walking = false;
	pthread_cond_broadcast(&r->walked);
	pthread_mutex_unlock(&r->lock);
	wake(r);
}

/* --- reading ----------------------------------------------------------- */

static const struct job *
next_job(struct reading *r)
{
	const struct job *job = NULL;

	pthread_mutex_lock(&r->lock);
	while (r->state.walking)
		pthread_cond_wait(&r->walked, &r->lock);
	if (!r->state.stopped && r->next < r->njobs)
		job = &r->job[r->next++];
	pthread_mutex_unlock(&r->lock);
	return job;
}

static void
read_all(struct reading *r)
{
	const struct job *job;
	struct review_row *row;

	while ((job = next_job(r)) != NULL) {
		/* Several of the largest at once would not fit. */
		if (job->size > LARGE_BYTES)
			pthread_mutex_lock(&r->large);
		row = review_row_read(job->path, job->asked, r->allowed);
		if (job->size > LARGE_BYTES)
			pthread_mutex_unlock(&r->large);
		hand_over(r, row);
	}
	pthread_mutex_lock(&r->lock);
	r->working--;
	pthread_mutex_unlock(&r->lock);
	wake(r);
}

static void *
work(void *arg)
{
	read_all(arg);
	return NULL;
}

static void *
walk_and_work(void *arg)
{
	walk(arg);
	read_all(arg);
	return NULL;
}

/* --- for the others ---------------------------------------------------- */

static size_t
choose_threads(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 2)
		return 2; /* one waits for the disk while one computes */
	return cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
}

/* Signals are for the thread that draws. */
static void
start_threads(struct reading *r)
{
	size_t i, wanted = choose_threads();
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r->working = wanted;
	for (i = 0; i < wanted; i++) {
		if (pthread_create(&r->thread[i], NULL,
			i == 0 ? walk_and_work : work, r) != 0)
			break;
		r->nthreads++;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (r->nthreads == 0)
		mem_fatal("no thread could be started");
	pthread_mutex_lock(&r->lock);
	r->working -= wanted - r->nthreads;
	pthread_mutex_unlock(&r->lock);
}

struct reading *
reading_start(const struct strlist *paths, const struct buf *allowed)
{
	struct reading *r = mem_alloc(sizeof *r);
	size_t i;

	r->arena = arena_new();
	r->allowed = allowed;
	for (i = 0; i < paths->count; i++)
		strlist_add(r->arena, &r->paths, paths->item[i]);
	if (pipe2(r->pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		mem_fatal("no pipe could be opened");
	pthread_mutex_init(&r->lock, NULL);
	pthread_mutex_init(&r->large, NULL);
	pthread_cond_init(&r->walked, NULL);
	r->state.walking = true;
	start_threads(r);
	return r;
}

int
reading_fd(const struct reading *r)
{
	return r->pipe[0];
}

void
reading_take(struct reading *r, struct review_row ***rows, size_t *count,
    struct reading_state *state)
{
	char drained[256];
	size_t i;

	while (read(r->pipe[0], drained, sizeof drained) > 0)
		;
	pthread_mutex_lock(&r->lock);
	if (r->nrows > 0) {
		*rows = mem_grow(*rows, *count + r->nrows,
		    sizeof(struct review_row *));
		for (i = 0; i < r->nrows; i++)
			(*rows)[(*count)++] = r->row[i];
		r->nrows = 0;
	}
	r->state.done = r->working == 0;
	*state = r->state;
	pthread_mutex_unlock(&r->lock);
}

void
reading_stop(struct reading *r)
{
	pthread_mutex_lock(&r->lock);
	r->state.stopped = true;
	pthread_mutex_unlock(&r->lock);
}

void
reading_wait(struct reading *r)
{
	size_t i;

	for (i = 0; i < r->nthreads; i++)
		pthread_join(r->thread[i], NULL);
	r->nthreads = 0;
}

void
reading_free(struct reading *r)
{
	size_t i;

	if (r == NULL)
		return;
	reading_stop(r);
	reading_wait(r);
	for (i = 0; i < r->nrows; i++)
		review_row_free(r->row[i]);
	for (i = 0; i < r->njobs; i++)
		mem_free(r->job[i].path);
	mem_free(r->row);
	mem_free(r->job);
	pthread_cond_destroy(&r->walked);
	pthread_mutex_destroy(&r->large);
	pthread_mutex_destroy(&r->lock);
	close(r->pipe[0]);
	close(r->pipe[1]);
	arena_free(r->arena);
	mem_free(r);
}
