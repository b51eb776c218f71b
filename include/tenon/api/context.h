/* api/context.h - tn_context, the first argument of every call: scratch memory, threads, query, diagnostic, call site.
 *
 * NULL is allowed everywhere: serial, no workspace, no diagnostic. One context per calling thread.
 * query = 1: a call checks everything, sets need to the workspace it wants, fills the shapes of `tn_tensor *` operands,
 * and touches no data (data may be NULL). A call that wants workspace and has too little is TN_E_WORKSPACE with need
 * set, nothing written: never a slower path with other bits. A refused call leaves outputs and workspace as they were.
 * TN_OK sets diag->status = 0, no more. */

typedef void (*tn_task)(void *arg, int32_t index, int32_t worker);

typedef struct tn_context {
    void *workspace;       /* scratch at any float-aligned address, apart from operands; a refused call leaves it */
    size_t workspace_size; /* bytes */
    size_t need;           /* out, by a query and by TN_E_WORKSPACE / TN_E_MEMORY: bytes wanted */
    int32_t query;
    int32_t workers; /* parallel_for's worker index is below this; 0 means 1. Scratch grows with it, bits do not */
    /* Calls run(arg, index, worker) for every index below tasks, and returns when all are done. NULL: the
     * caller's thread does it. */
    void (*parallel_for)(void *pool, int32_t tasks, tn_task run, void *arg);
    void *pool;
    tn_diag *diag;                                /* out; may be NULL */
    void (*note)(void *user, const tn_diag *d);   /* warnings, notes, findings after the first; may be NULL */
    void *user;
    const char *file, *args; /* set by TN_CALL, used up by the next call */
    int32_t line;
} tn_context;

/* TN_CALL(tn_dense, &ctx, &y, &x, &w, &b, NULL): the same call, remembering file, line and spelling for the diagnostic.
 * Works for every call that takes a context, which must not be NULL here. */
TENON_API tn_context *tn_at(tn_context *c, const char *file, int32_t line, const char *args);
#define TN_CALL(fn, ctx, ...) fn(tn_at(ctx, __FILE__, __LINE__, #__VA_ARGS__), __VA_ARGS__)
