import Testing

@testable import KithStore

@Suite struct WriteLineTests {
    private func line(waiting: Int = 100, waitingBytes: Int = 100, batch: Int = 100, batchBytes: Int = 100)
        -> WriteLine<Int>
    {
        WriteLine(WriteLimits(waiting: waiting, waitingBytes: waitingBytes, batch: batch, batchBytes: batchBytes))
    }

    @Test func `only the first request wakes the writer`() {
        var line = line()
        #expect(line.admit(1, bytes: 0) == .wakesWriter)
        #expect(line.admit(2, bytes: 0) == .queued)
        #expect(line.nextBatch() == [1, 2])
        #expect(line.admit(3, bytes: 0) == .queued)
        #expect(line.nextBatch() == [3])
        #expect(line.nextBatch() == [])
        #expect(line.admit(4, bytes: 0) == .wakesWriter)
    }

    @Test func `a writer of one batch rests unless something has come meanwhile`() {
        var line = line()
        #expect(line.admit(1, bytes: 0) == .wakesWriter)
        #expect(line.nextBatch() == [1])
        #expect(line.admit(2, bytes: 0) == .queued)
        #expect([line.rest(), line.isIdle] == [false, false])
        #expect(line.nextBatch() == [2])
        #expect([line.rest(), line.isIdle] == [true, true])
        #expect(line.admit(3, bytes: 0) == .wakesWriter)
    }

    @Test func `too many requests and too many bytes are refused`() {
        var few = line(waiting: 2)
        #expect(
            [few.admit(1, bytes: 0), few.admit(2, bytes: 0), few.admit(3, bytes: 0)] == [.wakesWriter, .queued, .full])
        var small = line(waitingBytes: 10)
        #expect(
            [small.admit(1, bytes: 6), small.admit(2, bytes: 5), small.admit(3, bytes: 4)] == [
                .wakesWriter, .full, .queued,
            ])
        #expect(small.nextBatch() == [1, 3])
        #expect(small.admit(4, bytes: 10) == .queued)
    }

    @Test func `a batch ends at its limits, and one big request goes alone`() {
        var counted = line(batch: 2)
        for number in 1...3 { _ = counted.admit(number, bytes: 0) }
        #expect([counted.nextBatch(), counted.nextBatch(), counted.nextBatch()] == [[1, 2], [3], []])
        var weighed = line(batchBytes: 10)
        for (number, bytes) in [(1, 50), (2, 5), (3, 5), (4, 1)] { _ = weighed.admit(number, bytes: bytes) }
        #expect([weighed.nextBatch(), weighed.nextBatch(), weighed.nextBatch()] == [[1], [2, 3], [4]])
    }

    @Test func `after the end nothing is taken and what waits remains`() {
        var line = line()
        _ = line.admit(1, bytes: 0)
        #expect([line.close(), line.close()] == [true, false])
        #expect(line.admit(2, bytes: 0) == .closed)
        #expect(line.nextBatch() == [1])
    }
}
