/* expect: `labels` must be an array float[], of constant size (other types: tn_as) */
/* field: plain_array */
#ifdef TWIN
#define IT float
#else
#define IT int32_t
#endif
static IT labels[9];
void f(void);
int g(void);
void f(void) {}
int g(void)
{
    const tn_tensor t = TN_OF1(labels, TN_N);
    return t.rank;
}
