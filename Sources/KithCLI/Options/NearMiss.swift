import ArgumentParser
import KithAPI

/// What somebody meant who typed a command that there is not.
enum NearMiss {
    /// An error with the nearest command, if the words begin with a command that there is not.
    static func error(_ words: [String]) -> KithError? {
        guard let word = words.first, !word.hasPrefix("-") else { return nil }
        let commands = RootCommand.configuration.groupedSubcommands.flatMap(\.subcommands)
        guard let known = find(word, commands) else { return unknown([word], commands) }
        let below = known.configuration.subcommands
        guard !below.isEmpty, known.configuration.defaultSubcommand == nil, words.count > 1,
            !words[1].hasPrefix("-"), words[1] != "help", find(words[1], below) == nil
        else { return nil }
        return unknown([word, words[1]], below)
    }

    private static func names(_ command: any ParsableCommand.Type) -> [String] {
        [command.configuration.commandName].compactMap(\.self) + command.configuration.aliases
    }

    private static func find(_ word: String, _ commands: [any ParsableCommand.Type]) -> (any ParsableCommand.Type)? {
        commands.first { names($0).contains(word) }
    }

    private static func unknown(_ words: [String], _ commands: [any ParsableCommand.Type]) -> KithError? {
        guard let last = words.last, last != "help" else { return nil }
        let path = (["kith"] + words.dropLast()).joined(separator: " ")
        let nearest = commands.flatMap(names).min { $0.steps(to: last) < $1.steps(to: last) }
        let isNear = nearest.map { $0.steps(to: last) <= max(1, last.utf8.count / 3) } ?? false
        return KithError(
            .requestInvalid, "There is no command `\((["kith"] + words).joined(separator: " "))`.",
            hint: isNear ? "Did you mean `\(path) \(nearest ?? "")`?" : "`\(path) --help` lists them.")
    }
}

extension String {
    /// How many letters must be added, taken away, changed or swapped with the next to make the other word.
    fileprivate func steps(to other: String) -> Int {
        let (own, target) = (Array(utf8), Array(other.utf8.prefix(64)))
        var rows = [Array(0...target.count)]
        for (line, byte) in own.enumerated() {
            var row = [line + 1]
            for (column, candidate) in target.enumerated() {
                var cost = min(
                    rows[line][column] + (byte == candidate ? 0 : 1), min(row[column], rows[line][column + 1]) + 1)
                let isSwapped = line > 0 && column > 0 && byte == target[column - 1] && own[line - 1] == candidate
                if isSwapped { cost = min(cost, rows[line - 1][column - 1] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[own.count][target.count]
    }
}
