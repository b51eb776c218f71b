/* expect: N of `flat` must equal N of `act` */
/* numbers: 8 4 */
/* field: flatten_batch */
#ifdef TWIN
#define IT 8
#else
#define IT 4
#endif
static float flat[IT][3600], act[8][15][15][16];
void f(void);
void f(void)
{
    TN_FLATTEN_SHAPES(flat, act);
}
