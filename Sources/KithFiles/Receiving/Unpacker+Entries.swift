import Glibc
import KithAPI
import KithDigest

/// What each record does.
extension Unpacker {
    func take(_ record: SourceRecord) throws(KithError) {
        switch record {
        case .entry(let header): entry(header)
        case .unreadable(let path, let error): judge(EntryVerdict(path, failed: error))
        case .proof(let file, let digest): try proof(file, digest)
        case .blocks(let file, let hashes, let isLast): try blocks(file, hashes, isLast)
        case .small(let file, let digest, let content): try small(file, digest, content)
        case .begin(let file): try begin(file)
        case .hole(let count): try append { (writer) throws(KithError) in try writer.skip(count) }
        case .finish(let digest): try finish(digest)
        case .lost(let file, let error): try lost(file, error)
        case .total(let count): expect(count)
        case .over: for entry in folders.leave(for: []) { stage(entry) }
        }
    }

    private func entry(_ header: EntryHeader) {
        let file = files
        if header.kind == .file { files += 1 }
        var route: [FileName] = []
        do throws(KithError) {
            route = try self.route(of: header)
            for entry in folders.leave(for: route.dropLast()) { stage(entry) }
            try place(header, route, file)
        } catch {
            let path = route.isEmpty ? header.path : route.reduce(plan.landing.path) { $0.appending($1) }.bytes
            judge(EntryVerdict(path, failed: error))
            if header.kind == .file { say(.drop(file, isUnchanged: false)) }
        }
    }

    private func route(of header: EntryHeader) throws(KithError) -> [FileName] {
        let path = try EntryPath(header.path)
        if let expected = plan.expected, plan.landing.name == nil, !expected[header.source].fits(path.names.first) {
            throw KithError(.protocolViolation, "The other side sent something that was not asked for.")
        }
        return try plan.landing.route(path, source: header.source)
    }

    private func place(_ header: EntryHeader, _ route: [FileName], _ file: Int) throws(KithError) {
        guard let name = route.last else { throw EntryPath.refusal }
        let holder = try folders.reach(route.dropLast())
        guard let node = folders[holder] else { throw Intake.violation("an entry without a folder") }
        let path = node.path.appending(name)
        guard node.isOpen || plan.boundary.allows(path) else { throw Boundary.refusal(path) }
        if header.kind == .directory { return try folders.enter(name, header) }
        guard let folder = node.folder else { return pend(header, path, file) }
        let target = Target(folder: folder, name: name)
        switch header.kind {
        case .file: try announce(file, Waiting(header: header, target: target, holder: holder, step: .proof))
        case .symlink: try link(header, target, holder)
        default: throw KithError(.requestInvalid, "`\(header.text)` is neither a file, a folder nor a link.")
        }
    }

    /// In a dry run: it would be placed, where no folder stands yet.
    private func pend(_ header: EntryHeader, _ path: DiskPath, _ file: Int) {
        judge(EntryVerdict(path.bytes, .pending, size: header.size))
        if header.kind == .file { say(.drop(file, isUnchanged: false)) }
    }

    /// In a dry run: what an interrupted transfer has left to do, and whether something stands there.
    private func pend(_ header: EntryHeader, at target: Target, _ file: Int) {
        let left = header.size - PartFile.length(at: target, size: header.size)
        judge(EntryVerdict(target.path.bytes, target.standing == nil ? .pending : .replacing, size: left))
        say(.drop(file, isUnchanged: false))
    }

    private func link(_ header: EntryHeader, _ target: Target, _ holder: Int) throws(KithError) {
        guard !target.isLink(to: header.target) else { return judge(EntryVerdict(target.path.bytes, .unchanged)) }
        guard !plan.isDryRun else {
            return judge(EntryVerdict(target.path.bytes, target.standing == nil ? .pending : .replacing))
        }
        try target.link(header)
        folders.hold(holder)
        stage(Staged(.link(target.folder), in: holder, EntryVerdict(target.path.bytes, .placed)))
    }

    /// Asks for what is needed to know what this file lacks.
    private func announce(_ file: Int, _ entry: Waiting) throws(KithError) {
        let standing = entry.target.standing
        if standing?.kind == .directory { throw entry.target.isFolder }
        if !plan.isDryRun { try entry.target.refuseBeyondDisk(entry.header.size) }
        guard standing?.kind == .file, standing?.size == entry.header.size,
            standing?.modified == entry.header.modified
        else { return try request(file, entry) }
        hold(file, entry)
        say(.askProof(file))
    }

    private func hold(_ file: Int, _ entry: Waiting) {
        if waiting[file] == nil { folders.hold(entry.holder) }
        waiting[file] = entry
    }

    /// Asks for the content, or for what a part lacks.
    private func request(_ file: Int, _ entry: Waiting) throws(KithError) {
        var entry = entry
        guard !plan.isDryRun else {
            pend(entry.header, at: entry.target, file)
            return drop(file)
        }
        entry.step = .content(nil, damaged: [])
        if entry.header.size >= PartFile.minimumSize, PartFile.stands(at: entry.target),
            let part = try? PartFile.open(at: entry.target, size: entry.header.size), part.length > 0
        {
            let ranges = Blocks.ranges(of: part.length, blockSize: Blocks.size(ofFile: entry.header.size))
            entry.step = .blocks(part, left: ranges[...], damaged: [])
            hold(file, entry)
            return say(.askBlocks(file, length: part.length))
        }
        hold(file, entry)
        say(.want(file, blocks: [], from: 0))
    }

    /// Nothing more is waited for.
    private func drop(_ file: Int) {
        guard let entry = waiting.removeValue(forKey: file) else { return }
        for entry in folders.release(entry.holder) { stage(entry) }
    }

    private func waited(_ file: Int) throws(KithError) -> Waiting {
        guard let entry = waiting[file] else { throw Intake.violation("a file that was not asked for") }
        return entry
    }

    private func proof(_ file: Int, _ digest: [UInt8]) throws(KithError) {
        let entry = try waited(file)
        guard case .proof = entry.step else { throw Intake.violation("a hash that was not asked for") }
        guard let standing = StandingFile(entry.target, like: entry.header), standing.hash == digest else {
            return try request(file, entry)
        }
        if !plan.isDryRun { standing.setMode(entry.header) }
        spared(entry.header.size)
        say(.drop(file, isUnchanged: true))
        judge(EntryVerdict(entry.target.path.bytes, .unchanged, size: entry.header.size, digest: digest))
        drop(file)
    }

    private func blocks(_ file: Int, _ hashes: [UInt8], _ isLast: Bool) throws(KithError) {
        var entry = try waited(file)
        guard case .blocks(let part, var left, var damaged) = entry.step, hashes.count % 32 == 0 else {
            throw Intake.violation("hashes that were not asked for")
        }
        for start in stride(from: 0, to: hashes.count, by: 32) {
            guard let range = left.popFirst() else { throw Intake.violation("too many hashes") }
            let isGood = (try? part.descriptor.treeHash(range)) == Array(hashes[start..<start + 32])
            if !isGood { damaged.append(range) }
        }
        guard isLast == left.isEmpty else { throw Intake.violation("too few hashes") }
        entry.step = isLast ? resume(file, part, damaged, entry) : .blocks(part, left: left, damaged: damaged)
        waiting[file] = entry
    }

    private func resume(_ file: Int, _ part: PartFile, _ damaged: [Range<Int>], _ entry: Waiting) -> Waiting.Step {
        let size = Blocks.size(ofFile: entry.header.size)
        guard damaged.reduce(0, { $0 + $1.count }) < part.length else {
            say(.want(file, blocks: [], from: 0))
            return .content(nil, damaged: [])
        }
        let blocks = damaged.map { $0.lowerBound / size }
        say(.want(file, blocks: blocks, from: part.length))
        spared(part.length - damaged.reduce(0) { $0 + $1.count })
        return .content(part, damaged: damaged)
    }

    private func small(_ file: Int, _ digest: [UInt8], _ content: [UInt8]) throws(KithError) {
        arrived(content.count)
        guard let entry = waiting[file] else { return try refuse(file, content.count) }
        guard case .content(nil, damaged: _) = entry.step, content.count == entry.header.size else {
            throw Intake.violation("content that was not asked for")
        }
        do throws(KithError) {
            let writer = try FileWriter(entry.header, at: entry.target)
            stage(try writer.fill(content, digest, hash: SHA256.hash(content)), digest, entry, weight: content.count)
            waiting[file] = nil
        } catch {
            keep(content.count)
            judge(EntryVerdict(entry.target.path.bytes, failed: error))
            drop(file)
        }
    }

    /// What was refused when it was announced has no place.
    private func refuse(_ file: Int, _ count: Int) throws(KithError) {
        guard file < files else { throw Intake.violation("a file that was not announced") }
        keep(count)
    }

    /// The folder stays held until the file is settled.
    private func stage(_ temporary: TemporaryFile, _ digest: [UInt8], _ entry: Waiting, weight: Int) {
        let verdict = EntryVerdict(entry.target.path.bytes, .placed, size: entry.header.size, digest: digest)
        stage(Staged(.file(temporary, entry.target), in: entry.holder, verdict, weight: weight))
    }

    private func begin(_ file: Int) throws(KithError) {
        let entry = try waited(file)
        guard case .content(let part, let damaged) = entry.step else {
            throw Intake.violation("content that was not asked for")
        }
        let lacking = damaged.reduce(entry.header.size - (part?.length ?? 0)) { $0 + $1.count }
        intake.begin(file, missing: lacking)
        do throws(KithError) {
            if let part {
                writer = FileWriter(entry.header, at: entry.target, resuming: part, damaged: damaged)
            } else {
                writer = try FileWriter(entry.header, at: entry.target)
            }
        } catch {
            give(up: file, error)
        }
    }

    /// What comes for a file that was given up is thrown away.
    func append(_ body: (FileWriter) throws(KithError) -> Void) throws(KithError) {
        guard let writer, let open = intake.open else { return }
        do throws(KithError) {
            try body(writer)
        } catch {
            keep(written(by: writer, open.missing))
            give(up: open.file, error)
        }
    }

    /// What came for `writer` and was not counted as safe.
    private func written(by writer: FileWriter, _ missing: Int) -> Int {
        writer.temporary.isKept ? 0 : writer.header.size - missing
    }

    private func give(up file: Int, _ error: KithError) {
        guard let entry = waiting[file] else { return }
        writer = nil
        judge(EntryVerdict(entry.target.path.bytes, failed: error))
        say(.drop(file, isUnchanged: false))
        drop(file)
    }

    private func finish(_ digest: [UInt8]) throws(KithError) {
        guard let open = intake.open else { throw Intake.violation("an end without a beginning") }
        intake.finish()
        guard let writer, let entry = waiting[open.file] else { return }
        self.writer = nil
        let weight = written(by: writer, 0)
        do throws(KithError) {
            stage(try writer.finish(digest), digest, entry, weight: weight)
            waiting[open.file] = nil
        } catch {
            keep(weight)
            judge(EntryVerdict(entry.target.path.bytes, failed: error))
            drop(open.file)
        }
    }

    private func lost(_ file: Int, _ error: KithError) throws(KithError) {
        if let open = intake.open, open.file == file {
            intake.finish()
            if let writer {
                keep(written(by: writer, open.missing))
                writer.temporary.spoil()
            }
            writer = nil
        }
        guard let entry = waiting[file] else { return }
        judge(EntryVerdict(entry.target.path.bytes, failed: error))
        drop(file)
    }
}
