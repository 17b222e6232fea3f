import Dispatch
import Foundation
import KithAPI
import Synchronization
import Testing

@testable import KithStore

@Suite struct GroupCommitTests {
    /// Fills the store from so many writers at once, each with so many keys.
    private func fill(_ store: Store, writers: Int, keys: Int) async throws -> [ContextEntry] {
        try await withThrowingTaskGroup(of: [ContextEntry].self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var entries: [ContextEntry] = []
                    for key in 0..<keys {
                        let request = SetContext(key: "\(writer)/\(key)", value: "\(key)")
                        entries.append(try await store.context.set(request, from: .owner))
                    }
                    return entries
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    @Test func `sixty-four writers share commits and all they were told is there after reopening`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let before = store.writer.commits
            let entries = try await fill(store, writers: 64, keys: 10)
            #expect(store.writer.commits - before < 640)
            try await store.close()
            let again = try home.openStore()
            for entry in entries {
                #expect(try await again.context.get(GetContext(key: entry.key), from: .owner) == entry)
            }
            try await again.close()
        }
    }

    @Test func `a lone change to a quick disk is written on the thread that brings it`() async throws {
        try await Home.with { home in
            let thread = Mutex(pthread_t())
            let wayBack = WayBack {
                thread.withLock { $0 = pthread_self() }
                return nil
            }
            let limits = WriteLimits(quick: .seconds(3_600))
            let store = try Store.open(in: home.folder, limits: limits, wayBack: wayBack, now: home.clock.now)
            _ = try await store.context.set(SetContext(key: "a", value: "1"), from: .owner)
            let isSame = try await store.writer.perform { _ in thread.withLock { $0 == pthread_self() } }
            #expect(isSame)
            try await store.close()
        }
    }

    @Test func `whoever waited for the queue goes on by the way that was remembered`() async throws {
        try await Home.with { home in
            let returns = Mutex(0)
            let wayBack = WayBack {
                { work in
                    returns.withLock { $0 += 1 }
                    work()
                }
            }
            let limits = WriteLimits(quick: .zero)
            let store = try Store.open(in: home.folder, limits: limits, wayBack: wayBack, now: home.clock.now)
            let entries = try await fill(store, writers: 4, keys: 5)
            #expect(returns.withLock { $0 } == entries.count)
            try await store.close()
        }
    }

    @Test func `lone changes one after the other are all there after reopening, and the log is moved`() async throws {
        try await Home.with { home in
            let limits = WriteLimits(quick: .seconds(3_600), loneRows: 20)
            let store = try Store.open(in: home.folder, limits: limits, now: home.clock.now)
            let entries = try await fill(store, writers: 1, keys: 100)
            try await expectCopy(of: home, holds: entries)
            #expect(try home.read("kith.sqlite-wal").count < 400_000)
            try await store.close()
        }
    }

    /// The writer is held up by a gate until a known queue stands behind it.
    @Test func `a refusal inside a batch concerns its caller alone`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await store.context.set(SetContext(key: "held", value: "1"), from: .owner)
            let before = store.writer.commits
            let (began, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let blocker: Void = store.writer.perform { _ in
                began.signal()
                gate.wait()
            }
            await Task.detached { waitFor(began) }.value
            let changes = (0..<20).map { number in
                SetContext(
                    key: number % 2 == 0 ? "held" : "new/\(number)", value: "2", ifVersion: number % 2 == 0 ? 9 : 0)
            }
            let codes = try await withThrowingTaskGroup(of: ErrorCode?.self) { group in
                for change in changes {
                    group.addTask { await failure { try await store.context.set(change, from: .owner) }?.code }
                }
                group.addTask {
                    gate.signal()
                    return nil
                }
                return try await group.reduce(into: [ErrorCode]()) { codes, code in code.map { codes.append($0) } }
            }
            try await blocker
            #expect(codes == [ErrorCode](repeating: .contextVersion, count: 10))
            #expect(store.writer.commits - before <= 21)
            #expect(try await store.context.list(ListContext(prefix: "new/"), from: .owner).entries.count == 10)
            #expect(try await store.context.get(GetContext(key: "held"), from: .owner).value == "1")
            try await store.close()
        }
    }

    @Test func `a change that throws half-way leaves nothing behind`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let error = await failure {
                try await store.writer.perform { db in
                    try db.execute(sql: "DELETE FROM contextUsage")
                    throw KithError(.conflict, "Half-way.")
                }
            }
            #expect(error == KithError(.conflict, "Half-way."))
            _ = try await store.context.set(SetContext(key: "a", value: "1"), from: .owner)
            #expect(
                try await store.read {
                    try ContextTable(db: $0, moment: Moment(Date()), limits: .init(), writer: ("", "owner")).count()
                } == 1)
            try await store.close()
        }
    }

    @Test func `a full queue refuses with a word and takes again later`() async throws {
        try await Home.with { home in
            let store = try Store.open(in: home.folder, limits: WriteLimits(waiting: 2), now: home.clock.now)
            let (began, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let blocker: Void = store.writer.perform { _ in
                began.signal()
                gate.wait()
            }
            await Task.detached { waitFor(began) }.value
            let refused = await withTaskGroup(of: ErrorCode?.self) { group in
                for key in ["a", "b", "c"] {
                    group.addTask {
                        await failure { try await store.context.set(SetContext(key: key, value: ""), from: .owner) }?
                            .code
                    }
                }
                let first = await group.next() ?? nil
                gate.signal()
                return first
            }
            try await blocker
            #expect(refused == .limited)
            #expect(try await store.context.list(ListContext(), from: .owner).entries.count == 2)
            _ = try await store.context.set(SetContext(key: "d", value: ""), from: .owner)
            try await store.close()
        }
    }

    @Test func `exactly one of thirty-two writers wins each version`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            for version in 0..<5 {
                let codes = await withTaskGroup(of: ErrorCode?.self) { group in
                    for writer in 0..<32 {
                        group.addTask {
                            let request = SetContext(key: "race", value: "\(writer)", ifVersion: version)
                            return await failure { try await store.context.set(request, from: .owner) }?.code
                        }
                    }
                    return await group.reduce(into: [ErrorCode?]()) { $0.append($1) }
                }
                #expect(codes.filter { $0 == nil }.count == 1)
                #expect(codes.filter { $0 == .contextVersion }.count == 31)
            }
            #expect(try await store.context.get(GetContext(key: "race"), from: .owner).version == 5)
            try await store.close()
        }
    }

    /// What `kill -9` leaves is what the files hold at that instant. The log stays below the size at
    /// which it is moved into the main file, so copying one after the other is like one instant.
    @Test func `a copy of the files under writers holds all that was acknowledged before`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let told = Told()
            let (news, bell) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            let request = SetContext(key: "\(writer)/\(number)", value: "\(number)")
                            let entry = try await store.context.set(request, from: .owner)
                            told.entries.withLock { $0.append(entry) }
                            bell.yield()
                        }
                    }
                }
                group.addTask {
                    for await _ in news.prefix(60) {}
                    let before = told.entries.withLock { $0 }
                    try await expectCopy(of: home, holds: before)
                }
                try await group.waitForAll()
            }
            try await store.close()
        }
    }

    private func expectCopy(of home: Home, holds entries: [ContextEntry]) async throws {
        try await Home.with { copy in
            for name in ["kith.sqlite", "kith.sqlite-wal"] { try copy.write(try home.read(name), to: name) }
            let store = try copy.openStore()
            #expect(store.report == .sound)
            for entry in entries {
                #expect(try await store.context.get(GetContext(key: entry.key), from: .owner) == entry)
            }
            try await store.close()
        }
    }
}

/// Waits on a thread, outside asynchronous code.
private func waitFor(_ semaphore: DispatchSemaphore) { semaphore.wait() }

/// What writers were told is stored.
private final class Told: Sendable {
    let entries = Mutex<[ContextEntry]>([])
}
