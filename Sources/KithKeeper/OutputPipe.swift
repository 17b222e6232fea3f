/// The reading end of one of a process' output streams.
struct OutputPipe {
    let stream: Output.Stream
    let watch: DescriptorLoop.Watch
    /// Whether its pipe has been made larger.
    var isWide = false
    /// Whether it is not watched, because nobody takes what comes.
    var isPaused = false
}
