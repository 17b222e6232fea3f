#pragma once

/* The id that the linker gave a program (NT_GNU_BUILD_ID), as lower case hexadecimal digits in `text`, which has room
 * for `room` bytes with the zero at the end. How many digits; 0 where there is none, or a negative errno. 64-bit ELF of
 * this machine's byte order only. */
int kith_build_id(const char *program, char *text, int room);
