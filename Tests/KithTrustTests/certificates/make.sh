#!/bin/sh
# Makes the sample certificates of CertificateTests with the openssl command. Usage: ./make.sh
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
leaf="-addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth,clientAuth"

make() { # NAME KEY-FILE MORE-OPTIONS…
    name=$1 key=$2
    shift 2
    openssl req -new -x509 -key "$key" -subj "/CN=$name" -days 36500 -outform DER -out "$name.der" "$@"
}

openssl ecparam -name prime256v1 -genkey -noout -out "$keys/p256"
openssl ecparam -name secp384r1 -genkey -noout -out "$keys/p384"
openssl ecparam -name prime256v1 -param_enc explicit -genkey -noout -out "$keys/explicit"
openssl ec -in "$keys/p256" -conv_form compressed -out "$keys/compressed" 2>/dev/null
openssl genpkey -algorithm ed25519 -out "$keys/ed25519"
openssl genrsa -out "$keys/rsa" 2048 2>/dev/null
make good "$keys/p256" $leaf
make authority "$keys/p256" -addext basicConstraints=critical,CA:TRUE
make rsa "$keys/rsa" $leaf
make ed25519 "$keys/ed25519" $leaf
make p384 "$keys/p384" $leaf
make explicit-curve "$keys/explicit" $leaf
make compressed-point "$keys/compressed" $leaf
make sha1 "$keys/p256" -sha1 $leaf
openssl req -new -x509 -key "$keys/p384" -subj "/CN=signed-by-another" -out "$keys/ca.pem"
openssl req -new -key "$keys/p256" -subj "/CN=signed-by-another" -out "$keys/request"
printf 'basicConstraints=critical,CA:FALSE\n' > "$keys/extensions"
openssl x509 -req -in "$keys/request" -CA "$keys/ca.pem" -CAkey "$keys/p384" -CAcreateserial -days 36500 \
    -extfile "$keys/extensions" -outform DER -out signed-by-another.der 2>/dev/null
