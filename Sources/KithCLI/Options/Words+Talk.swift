public import ArgumentParser
public import KithAPI

extension AgentName: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension MessageID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension TaskID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension MessageKind: ExpressibleByArgument {}
extension AckWish: ExpressibleByArgument {}
extension MessageVerdict: ExpressibleByArgument {}
extension TaskState: ExpressibleByArgument {}
