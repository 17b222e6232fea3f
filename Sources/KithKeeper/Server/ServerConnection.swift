import CLinux
import Glibc
import KithAPI

/// One client of the keeper: an operation after the other, or one that lasts.
@OnLoop final class ServerConnection {
    /// What its frames mean now.
    enum Role {
        /// The next frame is a question.
        case asking
        /// The bytes of a launch come in.
        case starting(JobID, LaunchForm, [UInt8])
        /// A daemon that wants to hear of ends.
        case holding
        case following(Follower)
        case feeding(KeptJob)
        /// It looks at a terminal, and may type.
        case attending(Attendant)
        /// It waits for an end.
        case waiting(KeptJob)
        case closed
    }

    /// Reads in one turn of the loop.
    private static let reads = 16

    let descriptor: Int32
    var role = Role.asking
    /// The job that it started, until it says or does something else.
    var started: KeptJob?
    /// Of which ends it was told.
    var heard: Set<JobID> = []
    /// Whether nothing is read until ``resume()``.
    private(set) var isPaused = false
    private let server: KeeperServer
    private var watch: DescriptorLoop.Watch?
    private var decoder = FrameDecoder()
    private var outgoing: [UInt8] = []
    private var outgoingStart = 0
    private var awaitsRoom = false
    private var closesWhenSent = false

    init(_ descriptor: Int32, of server: KeeperServer) {
        self.descriptor = descriptor
        self.server = server
    }

    var isClosed: Bool { if case .closed = role { true } else { false } }

    func begin() throws(KithError) {
        watch = try server.loop.watch(descriptor, for: .readable) { [self] in ready() }
    }

    /// Ends it now; a follower, a feeder, a holder goes with it.
    func close() {
        guard !isClosed else { return }
        let role = role
        self.role = .closed
        if let watch { server.loop.forget(watch) }
        watch = nil
        Glibc.close(descriptor)
        server.connectionClosed(self, role)
    }

    // MARK: Reading

    private func ready() {
        awaitsRoom = false
        if !isPaused { receive() }
        switch role {
        case .following(let follower): follower.pump()
        case .attending(let attendant): attendant.pump()
        default: flushAndTell()
        }
        arm()
    }

    private func flushAndTell() {
        guard flush(), !isClosed else { return }
        if closesWhenSent { return close() }
        if case .holding = role { server.tellRest(to: self) }
    }

    private func arm() {
        guard let watch, !isClosed else { return }
        if isPaused {
            if awaitsRoom { server.loop.arm(watch, for: .writable) }
        } else {
            server.loop.arm(watch, for: awaitsRoom ? .both : .readable)
        }
    }

    private func receive() {
        for _ in 0..<Self.reads {
            guard !isClosed, !isPaused else { return }
            let count = recv(descriptor, server.room.bytes.baseAddress, ReadRoom.size, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else { return close() }
            decoder.push(server.room.bytes[..<count])
            obeyFrames()
            if count < ReadRoom.size { return }
        }
    }

    private func obeyFrames() {
        do {
            while !isClosed, !isPaused, !closesWhenSent, let frame = try decoder.next() {
                try server.obey(frame, on: self)
            }
            if !decoder.isInsideFrame { decoder = FrameDecoder() }
        } catch {
            send(KithError(wrapping: error))
            finish()
        }
    }

    /// Reads no more until ``resume()``.
    func pause() { isPaused = true }

    func resume() {
        guard isPaused, !isClosed else { return }
        isPaused = false
        obeyFrames()
        arm()
    }

    // MARK: Writing

    /// Bytes that wait for the socket.
    var waiting: Int { outgoing.count - outgoingStart }

    func send(_ kind: Frame.Kind, _ value: some Encodable) {
        guard let frame = try? Frame(kind, json: value) else { return close() }
        send(frame)
    }

    func send(_ error: KithError) { send(.failure, error) }

    func send(_ frame: Frame) {
        guard !isClosed else { return }
        outgoing += frame.header
        outgoing += frame.payload
        flush()
    }

    /// Sends past what waits; how many bytes went.
    func sendNow(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !isClosed else { return bytes.count }
        let count = kith_send(descriptor, bytes.baseAddress, bytes.count)
        guard count < 0 else { return count }
        // A broken one is closed when its turn comes; closing here would change what the caller goes through.
        return 0
    }

    /// Sends some bytes of a file; how many went, or a negative errno.
    func sendCopy(of file: Int32, at offset: Int, count: Int) -> Int {
        let room = server.room.bytes
        let read = pread(file, room.baseAddress, min(count, room.count), off_t(offset))
        guard read > 0 else { return -Int(read < 0 ? errno : EIO) }
        return kith_send(descriptor, room.baseAddress, read)
    }

    /// Keeps bytes to be sent behind what waits.
    func hold(_ bytes: UnsafeRawBufferPointer) { outgoing.append(contentsOf: bytes) }

    /// Sends what waits; whether all went.
    @discardableResult
    func flush() -> Bool {
        while waiting > 0, !isClosed {
            let count = outgoing[outgoingStart...].withUnsafeBytes { kith_send(descriptor, $0.baseAddress, $0.count) }
            if count == -Int(EAGAIN) {
                awaitRoom()
                return false
            }
            guard count > 0 else {
                close()
                return false
            }
            outgoingStart += count
        }
        if outgoingStart > 0 { (outgoing, outgoingStart) = ([], 0) }
        return !isClosed
    }

    /// Goes on when the socket takes more.
    func awaitRoom() {
        guard !awaitsRoom, !isClosed else { return }
        awaitsRoom = true
        arm()
    }

    /// Closes when everything has been sent.
    func finish() {
        closesWhenSent = true
        if waiting == 0 { close() }
    }
}

/// Room for one read of a socket or a file; one for all.
final class ReadRoom {
    static let size = 256 << 10

    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)

    deinit { bytes.deallocate() }
}
