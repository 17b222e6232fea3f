import Foundation
import KithAPI
import KithClient
import KithTestKit
import Testing

@testable import KithDaemon
@testable import KithWire

struct MetricsTests {
    @Test func `what is counted stands in the text format of Prometheus`() {
        let prometheus = Prometheus()
        prometheus.makeCounter(label: "b_total", dimensions: [("word", "a\"b\\c\nd")]).increment(by: 3)
        prometheus.makeMeter(label: "a", dimensions: []).set(Int64(7))
        prometheus.makeMeter(label: "a", dimensions: []).set(1.5)
        #expect(
            prometheus.text(help: ["a": "A sentence."]) == """
                # HELP a A sentence.
                # TYPE a gauge
                a 1.5
                # TYPE b_total counter
                b_total{word="a\\"b\\\\c\\nd"} 3

                """)
    }

    @Test func `a histogram counts upward to its sum`() throws {
        let prometheus = Prometheus()
        let timer = prometheus.makeTimer(label: "t", dimensions: [("k", "v")])
        for nanoseconds: Int64 in [1, 250_000, 250_001, 2_000_000_000, 400_000_000_000] {
            timer.recordNanoseconds(nanoseconds)
        }
        let lines = prometheus.text(help: [:]).split(separator: "\n")
        #expect(lines.first == "# TYPE t histogram")
        #expect(lines.contains("t_bucket{k=\"v\",le=\"0.00025\"} 2"))
        #expect(lines.contains("t_bucket{k=\"v\",le=\"0.0005\"} 3"))
        #expect(lines.contains("t_bucket{k=\"v\",le=\"5\"} 4"))
        #expect(
            lines.suffix(3) == [
                "t_bucket{k=\"v\",le=\"+Inf\"} 5", "t_sum{k=\"v\"} 402.000500002", "t_count{k=\"v\"} 5",
            ])
    }

    @Test func `no label ends its line, whatever stands in it`() {
        let prometheus = Prometheus()
        prometheus.makeCounter(label: "n", dimensions: [("i", "a\r\nb\"\u{301}c\\")]).increment(by: 1)
        let lines = prometheus.text(help: [:]).unicodeScalars.split(separator: "\n").map {
            String(String.UnicodeScalarView($0))
        }
        #expect(lines == ["# TYPE n counter", "n{i=\"a\r\\nb\\\"\u{301}c\\\\\"} 1"])
    }

    @Test func `series have a bound, and what is beyond it costs nothing`() {
        let prometheus = Prometheus()
        for number in 0..<(Prometheus.maximumSeries + 10) {
            prometheus.makeCounter(label: "n", dimensions: [("i", "\(number)")]).increment(by: 1)
        }
        let lines = prometheus.text(help: [:]).split(separator: "\n")
        #expect(lines.count == Prometheus.maximumSeries + 1)
    }

    @Test func `a node counts calls, errors, bytes and what waits`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let before = try await numbers(mesh["studio"].client)
            _ = try await mesh.ask(SetContext(key: "k", value: "v"), at: "laptop", on: "studio")
            _ = try? await mesh.ask(GetContext(key: "absent"), at: "laptop", on: "studio")
            _ = try? await mesh.askRaw("made.up", at: "laptop", on: "studio")
            let after = try await numbers(mesh["studio"].client)
            let grown = after.filter { $0.key.contains("_total") && $0.value > before[$0.key] ?? 0 }.keys
            #expect(
                Set(grown).isSuperset(of: [
                    "kith_calls_total{capability=\"context.set\"}",
                    "kith_errors_total{capability=\"context.get\",code=\"not_found\"}",
                    "kith_errors_total{capability=\"unknown\",code=\"capability.unknown\"}",
                    "kith_received_bytes_total{door=\"peer\"}", "kith_sent_bytes_total{door=\"peer\"}",
                ]))
            #expect(after["kith_call_seconds_count{capability=\"context.set\"}"] == 1)
            #expect(after["kith_peers_online"] == 1)
            #expect(after["kith_messages_waiting{queue=\"outbox\"}"] == 0)
        }
    }

    @Test func `neither an agent nor a peer reads the metrics`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let agent = KithClient(
                socket: mesh["laptop"].daemon.socket, session: AgentSession(headerText: "client=claude-code"))
            await #expect(throws: KithError.self) { try await agent.metrics() }
            let path = "http://kith/v1/peers/studio/metrics"
            let answer = try await Command(["curl", "-s", "--unix-socket", mesh["laptop"].daemon.socket, path]).run()
            #expect(answer.output.contains("capability.unknown"), "\(answer)")
        }
    }

    private func numbers(_ client: KithClient) async throws -> [String: Double] {
        let text = String(decoding: try await client.metrics(), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let pairs = lines.compactMap { line -> (String, Double)? in
            guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...]) else {
                return nil
            }
            return (String(line[..<blank]), value)
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
