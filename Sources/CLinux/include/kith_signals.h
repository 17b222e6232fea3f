#pragma once

/* From now on these signals write their number, a byte, into a pipe; answers its end that is read, which does not
 * block and is closed on exec, or -1. One pipe for the process. */
int kith_catch_signals(const int *numbers, int count);
