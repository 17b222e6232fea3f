/// HKDF with SHA-256 (RFC 5869): one secret in, as many independent keys out as there are labels.
enum HKDF {
    /// Concentrates `secret` into a pseudorandom key of 32 bytes.
    static func extract(salt: [UInt8], secret: [UInt8]) -> [UInt8] {
        HMACSHA256.code(key: salt, message: secret)
    }

    /// Derives `count` bytes (at most 255 × 32) for the purpose that `info` names.
    static func expand(_ key: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        var output: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 0
        while output.count < count, number < 255 {
            number += 1
            block = HMACSHA256.code(key: key, message: block + info + [number])
            output += block
        }
        return Array(output.prefix(count))
    }
}
