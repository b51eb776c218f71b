/* expect: `v` is an array of variable length: view it with tn_view, and the call checks */
/* field: constant_size */
#ifdef TWIN
#define IT 8
#else
#define IT n
#endif
void f(void);
void f(void) {}
int g(int n);
int g(int n)
{
    float v[IT][3];
    const tn_tensor t = TN_OF2(v, TN_NF);
    (void)n;
    return t.rank;
}
