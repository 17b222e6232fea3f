import Testing

@testable import KithKeeper

@Suite struct OutputBufferTests {
    private func append(_ text: String, to stream: Output.Stream, of buffer: inout OutputBuffer) {
        Array(text.utf8).withUnsafeBytes { buffer.append($0, to: stream) }
    }

    @Test func `the order of arrival is kept and neighbours are joined`() {
        var buffer = OutputBuffer(limit: 1000)
        for (text, stream) in [
            ("a", Output.Stream.standardOutput), ("b", .standardOutput), ("c", .standardError), ("d", .standardOutput),
        ] {
            append(text, to: stream, of: &buffer)
        }
        #expect(buffer.take() == Output(stream: .standardOutput, bytes: Array("ab".utf8)))
        #expect(buffer.take() == Output(stream: .standardError, bytes: Array("c".utf8)))
        #expect(buffer.take() == Output(stream: .standardOutput, bytes: Array("d".utf8)))
        #expect(buffer.take() == nil)
    }

    @Test func `a full stream is full until half is taken, the other is not`() {
        var buffer = OutputBuffer(limit: 1000)
        append(String(repeating: "x", count: 1000), to: .standardOutput, of: &buffer)
        #expect(buffer.isFull(.standardOutput))
        #expect(!buffer.isFull(.standardError))
        #expect(!buffer.hasRoom(.standardOutput))
        _ = buffer.take()
        #expect(buffer.hasRoom(.standardOutput))
    }

    @Test func `many tiny pieces fill the buffer too`() {
        var buffer = OutputBuffer(limit: 6500)
        for _ in 0..<100 {
            append("x", to: .standardOutput, of: &buffer)
            append("y", to: .standardError, of: &buffer)
        }
        #expect(buffer.isFull(.standardOutput))
        #expect(buffer.isFull(.standardError))
    }
}
