import KithTrust
import NIOSSL

/// Our key and certificate in the form that TLS takes, and the configurations made of them.
struct TLSIdentity: Sendable {
    private let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    init(_ identity: Identity) throws {
        certificate = try NIOSSLCertificate(bytes: identity.certificate.der, format: .der)
        key = try identity.privateKey.withPEM { try NIOSSLPrivateKey(bytes: $0, format: .pem) }
    }

    /// The peer door: a client certificate is required, our callback decides about it.
    var server: TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = Self.nobody
        configuration.applicationProtocols = [ALPN.http, ALPN.pairing]
        return configuration
    }

    /// A connection to a paired peer: its certificate is the only anchor.
    func client(pinning peer: Certificate) -> TLSConfiguration {
        var configuration = client
        if let anchor = try? NIOSSLCertificate(bytes: peer.der, format: .der) {
            configuration.trustRoots = .certificates([anchor])
        }
        configuration.applicationProtocols = [ALPN.http]
        // A peer that is frozen answers no goodbye; it must find the connection closed when it goes on.
        configuration.shutdownTimeout = .milliseconds(250)
        return configuration
    }

    /// A connection for pairing: our callback takes any single certificate, the protocol decides about it.
    var pairing: TLSConfiguration {
        var configuration = client
        configuration.applicationProtocols = [ALPN.pairing]
        return configuration
    }

    /// The authorities of the system mean nothing here, and a system without any is one where we start as well.
    private static let nobody = NIOSSLTrustRoots.certificates([])

    private var client: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = Self.nobody
        configuration.certificateChain = [.certificate(certificate)]
        configuration.privateKey = .privateKey(key)
        return configuration
    }
}

/// The protocols that the peer door speaks (RFC 7301).
enum ALPN {
    static let http = "http/1.1"
    static let pairing = "kith-pair/1"
}
