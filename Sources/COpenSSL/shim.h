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
