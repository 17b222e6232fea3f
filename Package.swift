// swift-tools-version:6.2
import PackageDescription

/// Rooms and what each may import; `ArchitectureTests` holds the sources to the same table.
let package = Package(
    name: "kith",
    products: [
        .executable(name: "kith", targets: ["kith"]),
        .executable(name: "kithd", targets: ["kithd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CAvahi", pkgConfig: "avahi-client", providers: [.apt(["libavahi-client-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CVTerm", providers: [.apt(["libvterm-dev"])]),
        room("CLinux"),
        room("KithAPI"),
        room("KithDigest", ["COpenSSL", "CLinux"]),
        room("KithClient", ["KithAPI"]),
        room("KithTrust", ["KithAPI", "KithDigest", "COpenSSL"]),
        room("KithDiscovery", ["KithAPI", "CAvahi"]),
        room("KithKeeper", ["KithAPI", "CLinux", "CVTerm"]),
        room("KithExec", ["KithAPI", "KithKeeper", "KithDigest"]),
        room("KithFiles", ["KithAPI", "KithDigest", "CLinux"]),
        room("KithStore", ["KithAPI", "KithDigest", .product(name: "GRDB", package: "GRDB.swift")]),
        room("KithWorkers", ["KithAPI", "KithClient", "KithTrust", "KithKeeper", "CLinux"]),
        room("KithMCP", ["KithAPI", "KithClient"]),
        room(
            "KithWire",
            [
                "KithAPI", "KithTrust", .nio("NIOCore"), .nio("NIOHTTP1"), .nio("NIOPosix"), .nio("NIOTLS"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        room(
            "KithDaemon",
            [
                "KithAPI", "KithTrust", "KithWire", "KithDiscovery", "KithExec", "KithKeeper", "KithFiles", "KithStore",
                "KithMCP", "KithWorkers", "KithClient",
                "CLinux", .nio("NIOCore"), .nio("NIOPosix"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        room(
            "KithCLI",
            [
                "KithAPI", "KithClient", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        program(
            "kith",
            ["KithCLI", "KithMCP", "KithKeeper", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            linking: ["-Xclang-linker", "-no-pie"]),
        program("kithd", ["KithDaemon"]),
        .target(
            name: "KithTestKit",
            dependencies: [
                "KithAPI", "KithClient", "KithWire", "KithDaemon", "KithDiscovery", .nio("NIOCore"), .nio("NIOPosix"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/KithTestKit",
            swiftSettings: strict()
        ),
        tests("ArchitectureTests", []),
        tests("KithAPITests", ["KithAPI"], exclude: ["Golden"]),
        tests("KithTrustTests", ["KithTrust", "KithAPI", "KithDigest"], exclude: ["pairing", "certificates"]),
        tests("KithDiscoveryTests", ["KithDiscovery", "KithAPI"]),
        .executableTarget(
            name: "KeeperTrial", dependencies: ["KithKeeper", "KithAPI", "CLinux"], path: "Tests/KeeperTrial",
            swiftSettings: strict()),
        tests("KithKeeperTests", ["KithKeeper", "KithAPI", "CLinux", "KeeperTrial"]),
        tests("KithExecTests", ["KithExec", "KithKeeper", "KithAPI", "CLinux", "KeeperTrial"]),
        tests("KithFilesTests", ["KithFiles", "KithAPI", "KithDigest"]),
        tests("KithStoreTests", ["KithStore", "KithAPI", "KithDigest", .product(name: "GRDB", package: "GRDB.swift")]),
        tests("KithWorkersTests", ["KithWorkers", "KithTrust", "KithAPI"]),
        tests("KithMCPTests", ["KithMCP", "KithAPI"]),
        tests("AgentTests", [], exclude: ["python", "schemas", "requirements.txt"]),
        tests("KithCLITests", ["KithCLI", "KithClient", "KithAPI"], exclude: ["Golden"]),
        tests(
            "KithTests",
            [
                "KithTestKit", "KithAPI", "KithClient", "KithTrust", "KithWire", "KithDaemon", "KithDiscovery",
                "CLinux",
            ], exclude: ["Services", "Terminals", "Transcripts"]),
    ],
    swiftLanguageModes: [.v6]
)

func strict() -> [SwiftSetting] {
    [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: name == "CLinux" ? [] : ["\(name).md"], swiftSettings: strict()
    )
}

/// A program carries the id of its build, by which `kith update --check` tells what runs from what is installed.
/// As a release it shows its symbols to nobody; how else it is linked then, `linking` says.
func program(_ name: String, _ dependencies: [Target.Dependency], linking: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, exclude: ["\(name).md"], swiftSettings: strict(),
        linkerSettings: [
            .unsafeFlags(["-Xlinker", "--build-id=sha1"]),
            .unsafeFlags(["-Xlinker", "--no-export-dynamic"] + linking, .when(configuration: .release)),
        ])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict())
}

extension Target.Dependency {
    static func nio(_ name: String) -> Self { .product(name: name, package: "swift-nio") }
}
