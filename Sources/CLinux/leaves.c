#include "kith_leaves.h"

#if defined(__x86_64__)

enum { WAYS = 16, GROUPS = 2, LEAF = 16 << 10, BLOCK = 64, DIGEST = 32 };

/* The same word of sixteen leaves. */
typedef uint32_t word __attribute__((vector_size(4 * WAYS)));

#define WIDE __attribute__((target("avx512f,avx512bw")))
#define INLINE static inline WIDE __attribute__((always_inline))

static const uint32_t beginning[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

INLINE word turned(word x, int by) { return x >> by | x << (32 - by); }

INLINE word swapped(word x) { return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24; }

/* Row i becomes column i: the rows of both halves are zipped, four times. */
INLINE void transpose(word rows[WAYS]) {
    for (int pass = 0; pass < 4; pass++) {
        word zipped[WAYS];
        for (int i = 0; i < WAYS / 2; i++) {
            word one = rows[i], other = rows[i + WAYS / 2];
            zipped[2 * i] =
                __builtin_shufflevector(one, other, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            zipped[2 * i + 1] =
                __builtin_shufflevector(one, other, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        __builtin_memcpy(rows, zipped, sizeof zipped);
    }
}

/* Round `i` of FIPS 180-4, 6.2.2. The state is not moved, its beginning is. */
INLINE void advance(word state[8], word w[WAYS], int i) {
    if (i >= 16) {
        word x = w[(i + 1) & 15], y = w[(i + 14) & 15];
        w[i & 15] += (turned(x, 7) ^ turned(x, 18) ^ x >> 3) + w[(i + 9) & 15] +
                     (turned(y, 17) ^ turned(y, 19) ^ y >> 10);
    }
    word a = state[(64 - i) & 7], b = state[(65 - i) & 7], c = state[(66 - i) & 7], *d = &state[(67 - i) & 7];
    word e = state[(68 - i) & 7], f = state[(69 - i) & 7], g = state[(70 - i) & 7], *h = &state[(71 - i) & 7];
    /* What has to wait for the round before is added last. */
    word early = *h + constants[i] + w[i & 15] + ((e & f) ^ (~e & g));
    word late = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    word other = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    *d = *d + early + late;
    *h = early + late + other;
}

/* One block of each leaf. A round waits for the one before: those of two groups fill each other's gaps. */
INLINE void compress(int groups, word state[][8], word w[][WAYS]) {
    word old[GROUPS][8];
    __builtin_memcpy(old, state, groups * sizeof old[0]);
#pragma clang loop unroll(full)
    for (int i = 0; i < 64; i++) {
        for (int group = 0; group < groups; group++) advance(state[group], w[group], i);
    }
    for (int group = 0; group < groups; group++) {
        for (int i = 0; i < 8; i++) state[group][i] += old[group][i];
    }
}

INLINE void load(word w[WAYS], const uint8_t *leaves) {
    for (int way = 0; way < WAYS; way++) __builtin_memcpy(&w[way], leaves + way * LEAF, BLOCK);
    transpose(w);
    for (int i = 0; i < WAYS; i++) w[i] = swapped(w[i]);
}

INLINE void say(const word state[8], uint8_t *digests) {
    for (int way = 0; way < WAYS; way++) {
        for (int i = 0; i < 8; i++) {
            uint32_t part = __builtin_bswap32(state[i][way]);
            __builtin_memcpy(digests + DIGEST * way + 4 * i, &part, sizeof part);
        }
    }
}

/* The padding of a leaf: a one, zeros, and its length in bits. */
INLINE void pad(word w[WAYS]) {
    for (int i = 0; i < WAYS; i++) w[i] = (word){};
    w[0] += 0x80000000;
    w[15] += LEAF * 8;
}

INLINE void hash(int groups, const uint8_t *leaves, uint8_t *digests) {
    word state[GROUPS][8], w[GROUPS][WAYS];
    for (int group = 0; group < groups; group++) {
        for (int i = 0; i < 8; i++) state[group][i] = (word){} + beginning[i];
    }
    for (int place = 0; place < LEAF; place += BLOCK) {
        for (int group = 0; group < groups; group++) load(w[group], leaves + group * WAYS * LEAF + place);
        compress(groups, state, w);
    }
    for (int group = 0; group < groups; group++) pad(w[group]);
    compress(groups, state, w);
    for (int group = 0; group < groups; group++) say(state[group], digests + group * WAYS * DIGEST);
}

WIDE static void hash_one_group(const uint8_t *leaves, uint8_t *digests) { hash(1, leaves, digests); }

WIDE static void hash_two_groups(const uint8_t *leaves, uint8_t *digests) { hash(2, leaves, digests); }

size_t kith_hash_leaves(const void *leaves, size_t count, uint8_t *digests) {
    const uint8_t *bytes = leaves;
    size_t done = 0;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")) return 0;
    for (; done + 2 * WAYS <= count; done += 2 * WAYS) hash_two_groups(bytes + done * LEAF, digests + done * DIGEST);
    for (; done + WAYS <= count; done += WAYS) hash_one_group(bytes + done * LEAF, digests + done * DIGEST);
    return done;
}

#else

size_t kith_hash_leaves(const void *leaves, size_t count, uint8_t *digests) {
    (void)leaves, (void)count, (void)digests;
    return 0;
}

#endif
