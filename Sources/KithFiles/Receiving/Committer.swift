import CLinux
import Glibc
import KithAPI

/// Puts what is staged on disk and in its place, many at a time, on a queue of its own.
///
/// First the content reaches the disk, then the names are given, then the folders reach the disk. Only then is
/// anything said.
actor Committer {
    private nonisolated let executor = DiskExecutor("committer")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// From so many on, the whole file system is synced at once: cheaper than one after the other.
    private static let many = 4

    /// Commits `batch`; answers what became of each, in order.
    func commit(_ batch: [Staged]) -> [EntryVerdict] {
        var errors = syncContent(batch)
        for (index, staged) in batch.enumerated() where errors[index] == nil {
            do throws(KithError) {
                try place(staged.work)
            } catch {
                errors[index] = error
            }
        }
        let folders = syncFolders(batch.indices.filter { errors[$0] == nil }.map { batch[$0] })
        return batch.enumerated().map { index, staged in
            let error = errors[index] ?? staged.work.folders.lazy.compactMap { folders[$0.id] }.first
            return error.map { EntryVerdict(staged.verdict.path, failed: $0) } ?? staged.verdict
        }
    }

    private func syncContent(_ batch: [Staged]) -> [Int: KithError] {
        let files = batch.indices.filter { batch[$0].work.file != nil }
        let folders = batch.reduce(into: [ObjectIdentifier: Descriptor]()) { found, staged in
            guard case .file(let file, let target) = staged.work else { return }
            found[target.folder.id] = file.descriptor
        }
        if files.count >= Self.many, Self.syncSystems(of: Array(folders.values)) { return [:] }
        var errors: [Int: KithError] = [:]
        for index in files {
            do throws(Errno) {
                try batch[index].work.file?.sync()
            } catch {
                errors[index] = error.explained("written", batch[index].verdict.text)
            }
        }
        return errors
    }

    /// Syncs the file systems of `descriptors`; false if one could not be.
    private static func syncSystems(of descriptors: [Descriptor]) -> Bool {
        var devices: Set<UInt> = []
        for descriptor in descriptors {
            guard let status = try? descriptor.status() else { return false }
            guard devices.insert(status.identity.device).inserted else { continue }
            guard kith_syncfs(descriptor.raw) == 0 else { return false }
        }
        return true
    }

    private func place(_ work: Staged.Work) throws(KithError) {
        switch work {
        case .file(let file, let target): try file.place(at: target)
        case .folder(let folder, let header, _):
            try explaining("finished", folder.path.text) { () throws(Errno) in
                try Errno.check(fchmod(folder.descriptor.raw, header.permissions))
                try Errno.check(futimens(folder.descriptor.raw, header.times))
            }
        case .link, .nothing: break
        }
    }

    private func syncFolders(_ batch: [Staged]) -> [ObjectIdentifier: KithError] {
        let folders = batch.reduce(into: [ObjectIdentifier: Folder]()) { found, staged in
            for folder in staged.work.folders { found[folder.id] = folder }
        }
        if folders.count >= Self.many, Self.syncSystems(of: folders.values.map(\.descriptor)) { return [:] }
        return folders.compactMapValues { folder in
            do throws(Errno) {
                try folder.sync()
                return nil
            } catch {
                return error.explained("written", folder.path.text)
            }
        }
    }
}

extension Staged.Work {
    fileprivate var file: TemporaryFile? {
        if case .file(let file, _) = self { file } else { nil }
    }

    /// The folders that must be on disk for it.
    fileprivate var folders: [Folder] {
        switch self {
        case .file(_, let target): [target.folder]
        case .link(let folder): [folder]
        case .folder(let folder, _, let parent): [folder, parent]
        case .nothing: []
        }
    }
}

extension Folder {
    fileprivate var id: ObjectIdentifier { ObjectIdentifier(descriptor) }
}

extension EntryVerdict {
    var text: String { String(decoding: path, as: UTF8.self) }
}
