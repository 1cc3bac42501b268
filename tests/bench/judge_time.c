/* SPDX-License-Identifier: MIT */
/* Tells how long judging a saved record takes, with today's packs, and how
 * long reading it takes: microseconds of processor time, since both wait for
 * nothing; the median of several runs, as "judge N" and "load N" on two lines.
 * usage: judge_time HANDOVER.json */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/file.h"
#include "core/judge/judge.h"
#include "core/pack/answers.h"
#include "core/pack/vocabulary.h"
#include "core/probe/probe.h"
#include "core/record/json.h"

#define RUNS 15
#define FILE_MAX ((size_t)32 << 20)
#define PROBES 128

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static long long
median(int64_t *us)
{
	qsort(us, RUNS, sizeof *us, compare);
	return (long long)us[RUNS / 2];
}

int
main(int argc, char **argv)
{
	struct probe_word words[PROBES];
	struct pack_vocabulary vocab = {words, 0};
	int64_t load_us[RUNS], judge_us[RUNS];
	struct error err = {0};
	struct pack_set *packs;
	struct record *r;
	struct buf data;
	int64_t begun;
	int i;

	for (; vocab.count < probe_type_count && vocab.count < PROBES;
	     vocab.count++)
		words[vocab.count] =
		    (struct probe_word){probe_types[vocab.count]->name,
			probe_types[vocab.count]->shape};
	packs = pack_set_load(NULL, &vocab, &err);
	buf_init(&data, FILE_MAX);
	if (argc != 2 || packs == NULL ||
	    file_read(argv[1], FILE_MAX, &data, &err) != 0) {
		fprintf(stderr, "judge_time: %s\n", err.what);
		return 2;
	}
	for (i = 0; i < RUNS; i++) {
		begun = now_us();
		r = record_from_json(buf_str(&data), data.len, &err);
		load_us[i] = now_us() - begun;
		if (r == NULL) {
			fprintf(stderr, "judge_time: %s\n", err.what);
			return 2;
		}
		begun = now_us();
		needs_build(packs, &vocab, r);
		judge_record(r);
		judge_us[i] = now_us() - begun;
		record_free(r);
	}
	printf("judge %lld\nload %lld\n", median(judge_us), median(load_us));
	buf_free(&data);
	pack_set_free(packs);
	return 0;
}
