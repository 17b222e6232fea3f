/// What clients may be given of a program's output: whole sequences, and which of them are questions. Pure.
struct Passage: Equatable, Sendable {
    /// A question among the bytes.
    struct Question: Equatable, Sendable {
        /// Where it stands in ``Passage/bytes``.
        var range: Range<Int>
        /// What the screen answers if no client's terminal does, as it was when the question came.
        var answer: [UInt8]
    }

    /// The bytes, questions among them.
    private(set) var bytes: [UInt8] = []
    private(set) var questions: [Question] = []

    /// The bytes without the questions.
    var withoutQuestions: [UInt8] {
        guard !questions.isEmpty else { return bytes }
        var kept: [UInt8] = []
        var index = 0
        for question in questions {
            kept += bytes[index..<question.range.lowerBound]
            index = question.range.upperBound
        }
        return kept + bytes[index...]
    }

    mutating func append(_ more: ArraySlice<UInt8>) { bytes += more }

    mutating func append(_ more: ArraySlice<UInt8>, asking answer: [UInt8]) {
        questions.append(Question(range: bytes.count..<bytes.count + more.count, answer: answer))
        bytes += more
    }
}
