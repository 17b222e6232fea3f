#pragma once

/* Fits glibc's allocator to a daemon that moves large buffers: few arenas, and the buffers of a transfer
 * come back to the heap instead of from fresh pages. To be called once, first. */
void kith_fit_memory(void);

/* Gives back what is free of the heap: what a start has needed and nothing needs again. About a millisecond. */
void kith_return_memory(void);
