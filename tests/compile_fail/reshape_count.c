/* expect: `y` must have as many elements as `x` */
/* numbers: 102400 89600 */
/* field: reshape_count */
#ifdef TWIN
#define IT 32
#else
#define IT 28
#endif
static float y[100][32][IT][1], x[102400];
void f(void);
void f(void)
{
    TN_RESHAPE_SHAPES(y, x);
}
