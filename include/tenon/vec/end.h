/* vec/end.h - end of a pass. */
#undef TNV_LANES
#undef TNV_TILE_ROWS
#undef TNV_TILE_VECS
#undef TNV_WIDE_ROWS
#undef TNV_EACH_WIDE_HEIGHT
#undef TNV_TILE_PACKED
#undef TNV_EACH_HEIGHT
#undef TNV_TARGET
#undef TNV_UNROLL
#undef TNV_FN
