#pragma once
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// A fresh P-256 key; OpenSSL's own spelling is a macro that Swift cannot see.
static inline EVP_PKEY *kith_new_p256_key(void) { return EVP_EC_gen("P-256"); }

/// SHA-256, found once: what `EVP_sha256()` names is looked for anew with every hash, a sixth of the time of a small one.
static inline const EVP_MD *kith_sha256(void) {
    static const EVP_MD *found;
    const EVP_MD *known = __atomic_load_n(&found, __ATOMIC_ACQUIRE);
    if (known) return known;
    EVP_MD *fetched = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!fetched) return EVP_sha256();
    if (__atomic_compare_exchange_n(&found, &known, fetched, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return fetched;
    EVP_MD_free(fetched);
    return known;
}
