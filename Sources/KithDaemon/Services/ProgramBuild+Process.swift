import CLinux
import Foundation
import KithAPI

extension ProgramBuild {
    /// What process `id` of ours runs, also when its file has been replaced since; nil if it has ended.
    init?(process id: Int32) {
        let link = "/proc/\(id)/exe"
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else { return nil }
        var text = [CChar](repeating: 0, count: 129)
        let digits = kith_build_id(link, &text, Int32(text.count))
        let build = String(decoding: text.prefix(Int(max(0, digits))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // What the kernel adds to the name of a file that is gone.
        let gone = " (deleted)"
        self.init(
            pid: Int(id), path: path.hasSuffix(gone) ? String(path.dropLast(gone.count)) : path, build: build)
    }
}
