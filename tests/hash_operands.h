/* tests/hash_operands.h - what the jobs of hash.c stand on: operands at odd alignments, the hash, one context. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- operands: the same numbers for a name on every machine, at an alignment that differs from operand to operand */
static float pool[1 << 20], workspace[1 << 19];
static size_t used, shift;
static uint64_t seed, hash;
static int quiet;

static uint32_t bits(void) /* xorshift64* (Vigna) */
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (uint32_t)((seed * 0x2545F4914F6CDD1Du) >> 32);
}

/* n floats: ordinary ones, one in `special` of them a NaN, infinity, zero, denormal or of the largest (0: none). */
static float *floats(size_t n, unsigned special)
{
    static const uint32_t rare[] = { 0x7fc00000u, 0x7f800000u, 0xff800000u, 0u,          0x80000000u, 1u,
                                     0x80000001u, 0x007fffffu, 0x80400000u, 0x7f7fffffu, 0xff7fffffu, 0x00800000u };
    float *p = pool + used + (shift * (used % 7 + 1)) % 16;
    size_t i;
    used += (n + 31) & ~(size_t)15;
    if (used + 16 > COUNT(pool)) { fputs("hash: the pool is too small\n", stderr); exit(2); }
    for (i = 0; i < n; i++) {
        const float x = ((float)(bits() >> 8) * 0x1p-23f - 1.0f) * (bits() % 8 ? 2.0f : 30.0f);
        p[i] = x;
        if (special && bits() % special == 0) memcpy(&p[i], &rare[bits() % COUNT(rare)], sizeof *p);
    }
    return p;
}

/* 16 of what the words of words_pass.h take. */
static float *operand(int operands, unsigned special)
{
    float *const p = floats(16, special);
    size_t i;
    for (i = 0; i < 16 && operands != OF_FLOATS; i++) {
        const uint32_t u = bits();
        if (operands == OF_WHOLE) p[i] = (float)((int32_t)u >> 1);
        else if (operands == OF_EXPONENTS)
            p[i] = (float)(u % 600) - 300.0f; /* of zero and beyond the normal range, too */
        else memcpy(&p[i], &u, sizeof u);
    }
    return p;
}

/* From here on operands belong to this name and the results to its hash. */
static void begin(const char *name)
{
    used = 0;
    hash = 0xcbf29ce484222325u;
    for (seed = 1; *name; name++) seed = seed * 0x100000001b3u + (unsigned char)*name;
}

static void add_word(uint32_t u)
{
    int byte;
    for (byte = 0; byte < 32; byte += 8) hash = (hash ^ (u >> byte & 255u)) * 0x100000001b3u; /* FNV-1a */
}
static void add_floats(const float *p, size_t n)
{
    uint32_t u;
    for (; n; n--, p++) {
        memcpy(&u, p, sizeof u);
        add_word((u & 0x7fffffffu) > 0x7f800000u ? 0x7fc00000u
                                                 : u); /* sign and payload of a NaN are nobody's promise */
    }
}
static void add_bytes(const void *p, size_t n)
{
    const unsigned char *c = (const unsigned char *)p;
    while (n--) add_word(*c++);
}

static void say(const char *name)
{
    if (!quiet) printf("%s %s %016llx\n", name, tn_isa_name(), (unsigned long long)hash);
}

static tn_context ctx; /* all calls' */
static tn_diag diag;
static void must(tn_status status, const char *what)
{
    char text[2000];
    if (status == TN_OK) return;
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    fprintf(stderr, "hash: %s: %s\n%s\n", what, tn_status_name((int32_t)status), text);
    exit(2);
}
#define MUST(call) must(call, #call)

static tn_tensor v0(float *p) { return tn_view(p, 0, 0, 0, 0, 0, 0); }
static tn_tensor v1(float *p, size_t a) { return tn_view(p, 0, 1, (int64_t)a, 0, 0, 0); }
static tn_tensor v2(float *p, size_t a, size_t b) { return tn_view(p, 0, 2, (int64_t)a, (int64_t)b, 0, 0); }
static tn_tensor v3(float *p, size_t a, size_t b, size_t c)
{
    return tn_view(p, 0, 3, (int64_t)a, (int64_t)b, (int64_t)c, 0);
}
