#define _GNU_SOURCE
#include "include/kith_build.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { most_headers = 64, most_notes = 4096, most_bytes = 64 };

/* Digits of `count` bytes, as many as fit. */
static int write_digits(const unsigned char *bytes, unsigned count, char *text, int room) {
    int digits = 0;
    for (unsigned index = 0; index < count && digits + 2 < room; index++)
        digits += snprintf(text + digits, (size_t)(room - digits), "%02x", bytes[index]);
    return digits;
}

/* Looks through the notes of a segment. */
static int find_in_notes(const unsigned char *notes, size_t size, char *text, int room) {
    size_t at = 0;
    while (at + sizeof(ElfW(Nhdr)) <= size) {
        ElfW(Nhdr) note;
        memcpy(&note, notes + at, sizeof note);
        size_t name = at + sizeof note;
        if (note.n_namesz > most_notes || note.n_descsz > most_notes) return 0;
        size_t content = name + ((note.n_namesz + 3) & ~(size_t)3);
        if (content + note.n_descsz > size) return 0;
        int is_ours = note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(notes + name, "GNU", 4);
        if (is_ours && note.n_descsz <= most_bytes)
            return write_digits(notes + content, note.n_descsz, text, room);
        at = content + ((note.n_descsz + 3) & ~(size_t)3);
    }
    return 0;
}

static int find_in_file(int file, char *text, int room) {
    ElfW(Ehdr) header;
    if (pread(file, &header, sizeof header, 0) != sizeof header) return -ENOEXEC;
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64) return -ENOEXEC;
    for (int index = 0; index < header.e_phnum && index < most_headers; index++) {
        ElfW(Phdr) segment;
        off_t at = (off_t)(header.e_phoff + (size_t)index * sizeof segment);
        if (pread(file, &segment, sizeof segment, at) != sizeof segment) return -ENOEXEC;
        if (segment.p_type != PT_NOTE) continue;
        unsigned char notes[most_notes];
        size_t wanted = segment.p_filesz < sizeof notes ? segment.p_filesz : sizeof notes;
        ssize_t count = pread(file, notes, wanted, (off_t)segment.p_offset);
        int digits = count > 0 ? find_in_notes(notes, (size_t)count, text, room) : 0;
        if (digits > 0) return digits;
    }
    return 0;
}

int kith_build_id(const char *program, char *text, int room) {
    if (room < 1) return -EINVAL;
    text[0] = 0;
    int file = open(program, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int digits = find_in_file(file, text, room);
    close(file);
    return digits;
}
