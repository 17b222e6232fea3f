import Glibc
import KithAPI

/// Both directions of bytes; everything here is called on the loop.
extension ChildProcess {
    /// Begins to watch the process and to feed it.
    func begin(_ spawned: Spawned, _ launch: Launch) throws(KithError) {
        do {
            handleWatch = try loop.watch(handle, for: .readable) { self.assumeIsolated { $0.leaderExited() } }
            try watch(spawned.output, as: .standardOutput)
            try watch(spawned.error, as: .standardError)
        } catch {
            for watch in [handleWatch].compactMap({ $0 }) + outputs.map(\.watch) { loop.forget(watch) }
            giveUp()
            throw error
        }
        if let timeout = launch.timeout { start(.timeout, after: timeout) { $0.timeElapsed() } }
        if case .bytes(let bytes) = launch.input {
            input?.append(bytes)
            closeInput()
        }
    }

    private func watch(_ descriptor: Int32, as stream: Output.Stream) throws(KithError) {
        let watch = try loop.watch(descriptor, for: .readable) { self.assumeIsolated { $0.outputArrived(stream) } }
        outputs.append(OutputPipe(stream: stream, watch: watch))
    }

    // MARK: Output

    private func outputArrived(_ stream: Output.Stream) {
        guard let index = outputs.firstIndex(where: { $0.stream == stream }) else { return }
        if outputs[index].drain(into: &output) {
            close(outputs.remove(at: index))
        } else if output.isFull(stream) {
            outputs[index].isPaused = true
        } else {
            loop.arm(outputs[index].watch, for: .readable)
        }
        giveOutput()
        if outputs.isEmpty { receive(.outputsEnded) }
    }

    /// Reads on where there is room again.
    func resumeOutputs() {
        for index in outputs.indices where outputs[index].isPaused && output.hasRoom(outputs[index].stream) {
            outputs[index].isPaused = false
            loop.arm(outputs[index].watch, for: .readable)
        }
    }

    /// Takes what is in the pipes, and closes them whoever still holds the other end.
    func closeOutputs() {
        for pipe in outputs {
            pipe.takeRest(into: &output)
            close(pipe)
        }
        outputs = []
        giveOutput()
    }

    private func giveOutput() {
        guard let taker = outputTaker else { return }
        let piece = output.take()
        guard piece != nil || outputs.isEmpty else { return }
        outputTaker = nil
        taker.resume(returning: piece)
        resumeOutputs()
    }

    private func close(_ pipe: OutputPipe) {
        loop.forget(pipe.watch)
        Glibc.close(pipe.watch.descriptor)
    }

    // MARK: Input

    /// Writes what waits, as far as the pipe takes it.
    func flushInput() {
        guard let progress = input?.flush() else { return }
        switch progress {
        case .written: break
        case .full: watchInput()
        case .closed: dropInput()
        }
        if let waiting = input?.waiting, waiting <= limits.inputBuffer { wakeWriters(true) }
    }

    private func watchInput() {
        guard let pipe = input else { return }
        if let watch = pipe.watch { return loop.arm(watch, for: .writable) }
        let watch = try? loop.watch(pipe.descriptor, for: .writable) { self.assumeIsolated { $0.flushInput() } }
        guard let watch else { return dropInput() }
        input?.watch = watch
    }

    /// Closes the input, read or not.
    func dropInput() {
        guard let pipe = input else { return }
        if let watch = pipe.watch { loop.forget(watch) }
        Glibc.close(pipe.descriptor)
        input = nil
        wakeWriters(false)
    }

    private func wakeWriters(_ isRead: Bool) {
        let writers = inputWriters
        inputWriters = []
        for writer in writers { writer.resume(returning: isRead) }
    }
}
