import CLinux
import Glibc
import KithAPI

/// What the process writes.
extension KeptJob {
    func outputArrived(_ stream: Output.Stream) {
        guard let index = outputs.firstIndex(where: { $0.stream == stream }) else { return }
        switch server.wire.read(from: outputs[index].watch.descriptor, as: stream) {
        case .nothing: server.loop.arm(outputs[index].watch, for: .readable)
        case .bytes:
            widen(index)
            takeOutput()
            armOrPause(stream)
        case .end:
            close(outputs.remove(at: index))
            if outputs.isEmpty { receive(.outputsEnded) }
        }
    }

    /// Gives what was read to the log, its followers, and those who look at the terminal.
    private func takeOutput() {
        source.take(server.wire)
        terminal?.wrote(server.wire)
    }

    /// A pipe that fills is worth a larger one, once.
    private func widen(_ index: Int) {
        guard server.wire.wasFull, !outputs[index].isWide else { return }
        outputs[index].isWide = true
        kith_widen_pipe(outputs[index].watch.descriptor, 256 << 10)
    }

    /// A follower that failed may have closed, and another may have caught up: look again.
    private func armOrPause(_ stream: Output.Stream) {
        guard let index = outputs.firstIndex(where: { $0.stream == stream }) else { return }
        if source.isTooFast {
            outputs[index].isPaused = true
        } else {
            server.loop.arm(outputs[index].watch, for: .readable)
        }
    }

    /// Reads on where the leader has come near.
    func resumeOutputs() {
        guard outputs.contains(where: \.isPaused), source.hasRoom else { return }
        for index in outputs.indices where outputs[index].isPaused {
            outputs[index].isPaused = false
            server.loop.arm(outputs[index].watch, for: .readable)
        }
    }

    /// Takes what is in the pipes, and closes them whoever still holds the other end.
    func closeOutputs() {
        for pipe in outputs {
            var left: Int32 = 0
            _ = ioctl(pipe.watch.descriptor, UInt(FIONREAD), &left)
            while left > 0, server.wire.read(from: pipe.watch.descriptor, as: pipe.stream) == .bytes {
                takeOutput()
                left -= Int32(server.wire.payload)
            }
            close(pipe)
        }
        outputs = []
    }

    private func close(_ pipe: OutputPipe) {
        server.loop.forget(pipe.watch)
        Glibc.close(pipe.watch.descriptor)
    }
}

/// What the process reads.
extension KeptJob {
    /// Whether so much waits that no more should be taken.
    var inputIsFull: Bool { (input?.waiting ?? 0) > limits.inputBuffer }

    /// Takes input; what nobody will read counts too.
    func take(_ bytes: [UInt8]) {
        inputTaken += bytes.count
        guard input?.closesWhenWritten == false else { return }
        input?.append(bytes)
        flushInput()
    }

    /// To a terminal the end of input is a key.
    func closeInput() {
        if meta.terminal != nil { return take([0x04]) }
        input?.closesWhenWritten = true
        flushInput()
    }

    private func flushInput() {
        guard let progress = input?.flush() else { return }
        switch progress {
        case .written: break
        case .full: watchInput()
        case .closed: dropInput()
        }
        if !inputIsFull { wakeFeeders() }
    }

    private func watchInput() {
        guard let pipe = input else { return }
        if let watch = pipe.watch { return server.loop.arm(watch, for: .writable) }
        let watch = try? server.loop.watch(pipe.descriptor, for: .writable) { [self] in flushInput() }
        guard let watch else { return dropInput() }
        input?.watch = watch
    }

    /// Closes the input, read or not.
    func dropInput() {
        guard let pipe = input else { return }
        if let watch = pipe.watch { server.loop.forget(watch) }
        Glibc.close(pipe.descriptor)
        input = nil
        wakeFeeders()
    }

    private func wakeFeeders() {
        for feeder in feeders where feeder.isPaused {
            server.sayInputTaken(self, to: feeder)
            feeder.resume()
        }
    }
}
