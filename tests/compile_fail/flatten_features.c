/* expect: F of `flat` must be the product of all axes but N of `act` (axis 1 of `flat`) */
/* numbers: 3600 3136 */
/* field: flatten_features */
#ifdef TWIN
#define IT 3600
#else
#define IT 3136
#endif
static float flat[8][IT], act[8][15][15][16];
void f(void);
void f(void)
{
    TN_FLATTEN_SHAPES(flat, act);
}
