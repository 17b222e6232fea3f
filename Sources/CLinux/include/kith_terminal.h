#pragma once

/* Terminals for processes. Every function returns 0 or an errno. */

/* A new terminal: ours is `ends[0]`, non-blocking, the process' `ends[1]`; both closed on exec and above 2.
 * UTF-8 is edited by characters, not bytes. */
int kith_terminal_open(int ends[2], unsigned short columns, unsigned short rows);

/* Tells the programs in it that the window has another size. */
int kith_terminal_resize(int ours, unsigned short columns, unsigned short rows);
