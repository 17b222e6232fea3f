/// Strings as C wants them: one block of bytes, and pointers into it that end with NULL.
struct CStrings {
    private var bytes: [CChar] = []
    private var starts: [Int] = []

    init(_ strings: [String]) {
        for string in strings {
            starts.append(bytes.count)
            bytes.append(contentsOf: string.utf8CString)
        }
    }

    func withPointers<Value>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Value) -> Value {
        var block = bytes
        return block.withUnsafeMutableBufferPointer { block in
            let pointers = starts.map { start in block.baseAddress.map { $0 + start } } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
