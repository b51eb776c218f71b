/* impl/ruling.h - the rule lists of impl/rules.h at run time: every rule is tried, the first operand that breaks one is
 * reported with all the axes of it that differ. */

/* An operand in the canonical order of axes. */
typedef struct tni_side {
    const tni_operand *o;   /* NULL or o->t NULL: absent */
    int64_t dim[TN_MAX_RANK];
    int8_t at[TN_MAX_RANK]; /* where o->t has this axis, -1: it has not */
    tn_tensor expected;     /* TN_ANY until a rule says otherwise */
} tni_side;

typedef struct tni_ruling {
    tni_side *side; /* the first that broke a rule; NULL: none so far */
    int32_t status, also;
    uint32_t differ;
    const char *rule;
    int64_t number[2]; /* of a rule about windows or arguments */
} tni_ruling;

/* axes[i]: which axis of o->t is canonical axis i; "" gives 0, 1, 2, ... */
static TNI_UNUSED tni_side tni_side_of(const tni_operand *o, int32_t rank, const char *axes)
{
    tni_side s;
    int32_t i;
    memset(&s, 0, sizeof s);
    s.o = o;
    for (i = 0; i < TN_MAX_RANK; i++) s.at[i] = -1;
    if (!o || !o->t) return s;
    s.expected = *o->t;
    for (i = 0; i < o->t->rank; i++) s.expected.dim[i] = TN_ANY;
    for (i = 0; i < rank; i++) {
        s.at[i] = (int8_t)(*axes ? axes[i] - '0' : i);
        s.dim[i] = o->t->dim[s.at[i]];
    }
    return s;
}

static TNI_UNUSED void tni_rule(tni_ruling *r, tni_side *s, int32_t axis, int64_t want, int32_t status,
                                const char *rule)
{
    const int32_t at = s->at[axis];
    if (at >= 0) s->expected.dim[at] = want > INT32_MAX ? TN_ANY : (int32_t)want;
    if (s->dim[axis] == want) return;
    if (!r->status) { r->side = s; r->status = status; r->rule = rule; }
    if (r->side != s) return;
    if (at >= 0) r->differ |= 1u << at;
    if (status != r->status && !r->also) r->also = status;
}

static TNI_UNUSED tn_status tni_ruled(const tni_call *c, const tni_ruling *r)
{
    tn_diag d;
    if (!r->status) return TN_OK;
    d = tni_finding(r->status, r->side ? r->side->o->arg : -1, r->side ? r->side->o->role : TNI_NULL, r->rule);
    d.also_status = r->also;
    d.axes_differ = r->differ;
    if (r->side) {
        d.expected = r->side->expected;
        d.received = *r->side->o->t;
        d.cause = tni_infer(&d.expected, &d.received, d.number);
    }
    if (!d.cause) { d.number[0] = r->number[0]; d.number[1] = r->number[1]; }
    return tni_refuse(c, &d);
}

/* Whether a list holds, with no record of what does not, as `1 LIST`; nothing behind the first that does not hold is
 * evaluated. Operands are arrays of lengths. */
#define TNI_HELD_D(op, axis) ((op)[axis])
#define TNI_HELD_S(op) #op
#define TNI_HELD_V(v, field) ((v).field)
#define TNI_HELD_RULE(op, axis, want, name, code, words) && (op)[axis] == (want)
#define TNI_HELD_BIAS(op, want, name, code, words) TNI_HELD_RULE(op, 0, want, name, code, words)
#define TNI_HELD_FITS(op, axis, value, limit, name, code, words) && (value) <= (limit)
#define TNI_HELD_ARG(held, name, code, words) && (held)

/* The callbacks of a list, with a tni_ruling named `ruling` in scope; K is TNI_RT. */
#define TNI_RT_D(op, axis) ((op).dim[axis])
#define TNI_RT_S(op) #op
#define TNI_RT_RULE(op, axis, want, name, code, words) tni_rule(&ruling, &(op), axis, want, code, TNI_WORDS(words));
#define TNI_RT_BIAS(op, want, name, code, words) \
    if ((op).o && (op).o->t) tni_rule(&ruling, &(op), 0, want, code, TNI_WORDS(words));
#define TNI_RT_FITS(op, axis, value, limit, name, code, words) \
    if (!ruling.status && (value) > (limit)) {                 \
        ruling.side = &(op); ruling.status = code; ruling.rule = TNI_WORDS(words); \
        ruling.differ = 1u << (op).at[axis]; \
        ruling.number[0] = (value); ruling.number[1] = (limit); \
    }
#define TNI_RT_ARG(held, name, code, words) \
    if (!ruling.status && !(held)) { ruling.status = code; ruling.rule = TNI_WORDS(words); }
