/* tests/casefile.h - reads conformance cases: NAME.txt, an index of `key = value` lines, and NAME.bin, the elements.
 *
 *     case_file f;
 *     if (case_open(&f, "vectors/torch/linear"))
 *         while (case_next(&f)) { ... f.name, f.op, case_text(&f, "layout"), case_find(&f, "in", "x") ... }
 *     if (f.problem) ...
 *     case_close(&f);
 *
 * Both files are read whole and the index is cut into strings where it lies. For little-endian hosts. */
#ifndef TENON_CASEFILE_H
#define TENON_CASEFILE_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASE_DIMS = 8, CASE_TENSORS = 48, CASE_PAIRS = 96, CASE_HEADER = 128 };
enum { CASE_F32, CASE_I32, CASE_I64 };

typedef struct case_tensor {
    const char *role, *name; /* role: "in" or "out" */
    int type, rank;
    int64_t dim[CASE_DIMS];
    size_t count, bytes;
    const unsigned char *data; /* little-endian, C order */
} case_tensor;

typedef struct case_file {
    char *text, *next; /* the index, and its first unread line */
    unsigned char *data;
    size_t size;
    const char *problem; /* what is wrong with the files, in or after the case `name` */
    const char *name, *op;
    int pairs, tensors;
    struct {
        const char *key, *value;
    } pair[CASE_PAIRS];
    case_tensor tensor[CASE_TENSORS];
} case_file;

/* The whole file with a zero behind it, or NULL. */
static unsigned char *case_read(const char *stem, const char *suffix, size_t *size)
{
    char path[1024];
    unsigned char *data = NULL;
    FILE *f;
    long length;
    if (strlen(stem) + strlen(suffix) >= sizeof path) return NULL;
    strcat(strcpy(path, stem), suffix);
    f = fopen(path, "rb");
    if (!f) return NULL;
    if (!fseek(f, 0, SEEK_END) && (length = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
        *size = (size_t)length;
        data = (unsigned char *)malloc(*size + 1);
        if (data && fread(data, 1, *size, f) == *size) {
            data[*size] = 0;
        } else {
            free(data);
            data = NULL;
        }
    }
    fclose(f);
    return data;
}

static void case_close(case_file *f)
{
    free(f->text);
    free(f->data);
    memset(f, 0, sizeof *f);
}

/* 1, or 0 with f->problem set. */
static int case_open(case_file *f, const char *stem)
{
    size_t length = 0;
    memset(f, 0, sizeof *f);
    f->text = f->next = (char *)case_read(stem, ".txt", &length);
    f->data = case_read(stem, ".bin", &f->size);
    if (f->text && f->data) return 1;
    case_close(f);
    f->problem = "cannot be read";
    return 0;
}

/* The next word of *s, cut out; "" at the end. */
static char *case_word(char **s)
{
    char *word = *s + strspn(*s, " "), *end = word + strcspn(word, " ");
    *s = end + (*end != 0);
    *end = 0;
    return word;
}

/* `ROLE NAME TYPE OFFSET RANK DIM...`; 0 when the line says something else, or when the elements at OFFSET are not
 * those of an .npy record, whose header lies in the 128 bytes before them, of the same type. */
static int case_tensor_line(case_file *f, char *line)
{
    static const struct {
        const char *name, *npy;
        size_t bytes;
    } types[] = { { "float32", "'<f4'", 4 }, { "int32", "'<i4'", 4 }, { "int64", "'<i8'", 8 } };
    case_tensor *t = &f->tensor[f->tensors];
    char header[CASE_HEADER + 1], *type;
    uint64_t offset;
    size_t room;
    int i;
    if (f->tensors == CASE_TENSORS) return 0;
    t->role = case_word(&line);
    t->name = case_word(&line);
    type = case_word(&line);
    for (t->type = CASE_F32; strcmp(type, types[t->type].name); t->type++)
        if (t->type == CASE_I64) return 0;
    offset = strtoull(case_word(&line), NULL, 10);
    if ((strcmp(t->role, "in") && strcmp(t->role, "out")) || offset < CASE_HEADER || offset % 64 || offset > f->size)
        return 0;
    memcpy(header, f->data + offset - CASE_HEADER, CASE_HEADER);
    header[CASE_HEADER] = 0;
    if (memcmp(header, "\x93NUMPY\x01", 7) || !strstr(header + 10, types[t->type].npy) ||
        strstr(header + 10, "'fortran_order': True"))
        return 0;
    t->rank = (int)strtol(case_word(&line), NULL, 10);
    if (t->rank < 0 || t->rank > CASE_DIMS) return 0;
    t->count = 1;
    for (i = 0, room = (f->size - (size_t)offset) / types[t->type].bytes; i < t->rank; i++) {
        const char *word = case_word(&line);
        t->dim[i] = strtoll(word, NULL, 10);
        if (!*word || t->dim[i] < 0 || (t->dim[i] && t->count > room / (size_t)t->dim[i])) return 0;
        t->count *= (size_t)t->dim[i];
    }
    t->bytes = t->count * types[t->type].bytes;
    t->data = f->data + offset;
    f->tensors++;
    return !*line && t->count <= room;
}

/* Steps to the next case: 1, or 0 at the end or with f->problem set. */
static int case_next(case_file *f)
{
    f->pairs = f->tensors = 0;
    f->name = f->op = "";
    while (f->next && *f->next && !f->problem) {
        char *line = f->next, *end = line + strcspn(line, "\n"), *value;
        f->next = end + (*end != 0);
        *end = 0;
        if (end > line && end[-1] == '\r') end[-1] = 0;
        value = strstr(line, " = ");
        if (!strcmp(line, "end")) {
            if (!*f->name || !*f->op) f->problem = "a case without name or op";
            return !f->problem;
        }
        if (!*line || *line == '#') continue;
        if (!value) {
            f->problem = "a line without ' = '";
            break;
        }
        *value = 0;
        value += 3;
        if (!strcmp(line, "case")) {
            f->name = value;
        } else if (!strcmp(line, "op")) {
            f->op = value;
        } else if (!strcmp(line, "tensor")) {
            if (!case_tensor_line(f, value)) f->problem = "a tensor that is not in the file as the index says";
        } else if (f->pairs < CASE_PAIRS) {
            f->pair[f->pairs].key = line;
            f->pair[f->pairs++].value = value;
        } else {
            f->problem = "too many keys";
        }
    }
    if (!f->problem && *f->name) f->problem = "a case without end";
    return 0;
}

/* The value of a key, or NULL. */
static const char *case_text(const case_file *f, const char *key)
{
    int i;
    for (i = 0; i < f->pairs; i++)
        if (!strcmp(f->pair[i].key, key)) return f->pair[i].value;
    return NULL;
}

/* The index-th number of a value ("stride = 2 1"), or otherwise. */
static double case_number(const case_file *f, const char *key, int index, double otherwise)
{
    const char *s = case_text(f, key);
    char *end;
    double value;
    if (!s) return otherwise;
    do {
        value = strtod(s, &end);
        if (end == s) return otherwise;
        s = end;
    } while (index--);
    return value;
}

static const case_tensor *case_find(const case_file *f, const char *role, const char *name)
{
    int i;
    for (i = 0; i < f->tensors; i++)
        if (!strcmp(f->tensor[i].role, role) && !strcmp(f->tensor[i].name, name)) return &f->tensor[i];
    return NULL;
}

#endif
