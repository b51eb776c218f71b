/* tests/random.c - random valid cases of every family on a random instruction set, against plain loops in double
 * written from the comments in api/.
 *
 *     random [--cases N] [--seed S] [--only FAMILY] [--case K]
 *
 * Case K of a family is the same whatever else runs. A bound follows from the number of roundings and the magnitudes
 * (random_cases.h); half of the cases hold small integers, whose sums are exact. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tenon.h"

#include "random_cases.h"
#include "random_dense.h"
#include "random_image.h"
#include "random_norm.h"
#include "random_loss.h"
#include "random_sequence.h"
#include "random_transform.h"
#include "random_model.h"

#define FAMILIES(X) \
    RANDOM_DENSE(X) RANDOM_IMAGE(X) RANDOM_NORM(X) RANDOM_LOSS(X) RANDOM_SEQUENCE(X) RANDOM_TRANSFORM(X) RANDOM_MODEL(X)
#define FAMILY(name) { #name, case_##name },
static const struct {
    const char *name;
    void (*run)(void);
} families[] = { FAMILIES(FAMILY) };

int main(int argc, char **argv)
{
    uint64_t cases = 2000, seed = 1, one = 0, k, passed = 0, failed = 0, skipped = 0;
    const char *only = NULL;
    int single = 0, known = 0, i;
    size_t f;
    for (i = 1; i < argc; i++) {
        const char *const given = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(argv[i], "--cases")) cases = strtoull(given, NULL, 0);
        else if (!strcmp(argv[i], "--seed")) seed = strtoull(given, NULL, 0);
        else if (!strcmp(argv[i], "--only")) only = given;
        else if (!strcmp(argv[i], "--case")) { single = 1; one = strtoull(given, NULL, 0); }
        else i = argc;
        if (i++ == argc) { fputs("random [--cases N] [--seed S] [--only FAMILY] [--case K]\n", stderr); return 2; }
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    arena_make();
    for (f = 0; f < sizeof families / sizeof families[0]; f++) {
        uint64_t missing = 0, wrong = failed;
        const char *call = NULL;
        if (only && strcmp(only, families[f].name)) continue;
        known = 1;
        failures_told = 0;
        for (k = single ? one : 0; k < (single ? one + 1 : cases); k++) {
            begin(families[f].name, seed, k);
            families[f].run();
            passed += now.outcome == PASSED;
            failed += now.outcome == FAILED;
            missing += now.outcome == SKIPPED;
            if (now.outcome == SKIPPED) call = now.skipped;
            if (single) printf("%s, %s, %s%s\n", now.family, tn_isa_name(), now.text, now.whole ? " whole" : "");
        }
        if (missing)
            printf("skipped: %s: %llu cases, %s is not done yet\n", families[f].name, (unsigned long long)missing,
                   call);
        if (failed - wrong > MOST_TOLD)
            printf("%s: %llu cases failed\n", families[f].name, (unsigned long long)(failed - wrong));
        skipped += missing;
    }
    if (!known) { fprintf(stderr, "random: no family %s\n", only); return 2; }
    printf("%llu passed, %llu failed, %llu skipped\n", (unsigned long long)passed, (unsigned long long)failed,
           (unsigned long long)skipped);
    return failed ? 1 : 0;
}
