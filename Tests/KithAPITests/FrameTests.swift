import KithAPI
import Testing

struct FrameTests {
    @Test func `frames arrive whole, whatever the pieces`() throws {
        let frames = [
            Frame(.open, Array("{}".utf8)), Frame(.data), Frame(.extra, Array(repeating: 7, count: 70_000)),
            Frame(.end),
        ]
        let bytes = frames.flatMap { $0.header + $0.payload }
        for size in [1, 3, 5, 4096, bytes.count] {
            var decoder = FrameDecoder()
            var seen: [Frame] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                decoder.push(bytes[start..<min(start + size, bytes.count)])
                while let frame = try decoder.next() { seen.append(frame) }
            }
            #expect(seen == frames)
            #expect(!decoder.isInsideFrame)
        }
    }

    @Test(arguments: [[9, 0, 0, 0, 0], [1, 0, 0x10, 0, 1], [1, 255, 255, 255, 255]] as [[UInt8]])
    func `an unknown kind or an absurd length ends the stream`(bytes: [UInt8]) {
        var decoder = FrameDecoder()
        decoder.push(bytes)
        #expect(throws: KithError.self) { try decoder.next() }
    }

    @Test func `a frame that was cut is known as such`() throws {
        let whole = Frame(.data, [1, 2, 3])
        let bytes = whole.header + whole.payload
        for length in 1..<bytes.count {
            var decoder = FrameDecoder()
            decoder.push(bytes[..<length])
            #expect(try decoder.next() == nil)
            #expect(decoder.isInsideFrame)
        }
    }

    @Test func `a writer waits for a reader that does not read`() async throws {
        let queue = BoundedQueue<Int>(limit: 2)
        try await queue.push(1)
        try await queue.push(2)
        async let third: Void = queue.push(3)

        #expect(try await queue.next() == 1)

        try await third
        await queue.finish()
        #expect(try await queue.next() == 2)
        #expect(try await queue.next() == 3)
        #expect(try await queue.next() == nil)
    }

    @Test func `cancelling a reader closes the queue for the writer`() async throws {
        let queue = BoundedQueue<Int>(limit: 1)
        let reader = Task { try await queue.next() }
        reader.cancel()
        #expect(try await reader.value == nil)
        await #expect(throws: KithError.self) { while true { try await queue.push(1) } }
    }
}
