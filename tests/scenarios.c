/* tests/scenarios.c - the catalogue of shape mistakes: each is refused where and as it should be, and its mended form
 * runs on the same model. scenarios [--list] [--show] [ID ...] */
#include "scenarios/scenario.h"
#include "scenarios/part_a.h"
#include "scenarios/part_b.h"
#include "scenarios/part_b_layers.h"
#include "scenarios/part_b_load.h"
#include "scenarios/part_e_calls.h"
#include "scenarios/part_e_model.h"
#include "scenarios/part_e_data.h"
#include "scenarios/part_f.h"

static const struct {
    const scenario *entry;
    size_t count;
} parts[] = {
    { part_a, COUNT(part_a) },
    { part_b, COUNT(part_b) },
    { part_b_layers, COUNT(part_b_layers) },
    { part_b_load, COUNT(part_b_load) },
    { part_e_calls, COUNT(part_e_calls) },
    { part_e_model, COUNT(part_e_model) },
    { part_e_data, COUNT(part_e_data) },
    { part_f, COUNT(part_f) },
};

static int passes(const scenario *s, int show_it)
{
    memset(&now, 0, sizeof now);
    memset(&ctx, 0, sizeof ctx);
    memset(&model, 0, sizeof model);
    memset(layers, 0, sizeof layers);
    arena_used = 0;
    now.entry = s;
    now.show = show_it;
    now.bits = 1;
    ctx.diag = &diag;
    ctx.note = note_came;
    if (setjmp(now.out)) return 0;
    s->run();
    if (now.notes) failed(__LINE__, "a note that is not asked for: %s (%s)", tn_status_name(now.note[0].status),
                          tn_cause_name(now.note[0].cause));
    if (!now.checks) failed(__LINE__, "it checks nothing");
    return 1;
}

static void tell(const scenario *s)
{
    int i;
    printf("ok      %-34s %-4s", s->id, s->part);
    for (i = 0; i < now.records; i++) {
        const tn_diag *const d = &now.record[i];
        printf("%s %s %s", i ? ";" : "", stage_names[d->stage], tn_status_name(d->status));
        if (d->cause) printf(" (%s)", tn_cause_name(d->cause));
        if (d->also_status) printf(" + %s", tn_status_name(d->also_status));
        if (d->also_cause) printf(" (%s)", tn_cause_name(d->also_cause));
    }
    puts(now.records ? "" : " runs");
}

static int wanted(const char *id, char **ids, int count)
{
    int i;
    for (i = 0; i < count; i++) if (!strcmp(ids[i], id)) return 1;
    return count == 0;
}

int main(int argc, char **argv)
{
    const int list = argc > 1 && !strcmp(argv[1], "--list"), shown = argc > 1 && !strcmp(argv[1], "--show");
    char **const ids = argv + 1 + (list || shown);
    const int count = argc - 1 - (list || shown);
    int passed = 0, wrong = 0, out_of_reach = 0, step;
    size_t p, i;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (step = 0; step < 2; step++) /* what is out of reach at the end */
        for (p = 0; p < COUNT(parts); p++)
            for (i = 0; i < parts[p].count; i++) {
                const scenario *const s = &parts[p].entry[i];
                if ((s->run == NULL) != step || !wanted(s->id, ids, count)) continue;
                if (list) { puts(s->id); continue; }
                if (step) {
                    printf("out of reach: %s (%s): %s\n", s->id, s->part, s->reason);
                    out_of_reach++;
                } else if (passes(s, shown)) {
                    tell(s);
                    passed++;
                } else {
                    wrong++;
                }
            }
    if (list) return 0;
    if (passed + wrong + out_of_reach == 0) {
        fputs("scenarios [--list] [--show] [ID ...]: no such scenario\n", stderr);
        return 2;
    }
    printf("%d passed, %d failed, %d out of reach\n", passed, wrong, out_of_reach);
    return wrong ? 1 : 0;
}
