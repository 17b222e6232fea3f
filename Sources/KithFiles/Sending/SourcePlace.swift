import KithAPI

/// Something that a source names, opened as a place, and what the transfer calls it.
struct SourcePlace {
    /// How many names one pattern may stand for.
    static let maximumMatches = 10_000

    let found: Found
    let name: FileName

    /// What `text` stands for: what has exactly this name; else, if it holds patterns, all that they mean and
    /// `boundary` lets be seen, by name.
    ///
    /// - Throws: `not_found` if there is nothing, `limited` over ``maximumMatches``.
    static func all(_ text: String, in boundary: Boundary) throws(KithError) -> [SourcePlace] {
        let request = try RequestedPath(text, home: boundary.home)
        do throws(KithError) {
            let found = try boundary.open(request)
            return [place(found, called: RequestedPath.sourceName(text))]
        } catch {
            guard error.code == .notFound else { throw error }
            guard GlobPattern.isMagic(text) else { throw boundary.roots == nil ? missing(request) : error }
            return try matches(request, in: boundary)
        }
    }

    private static func place(_ found: Found, called name: FileName?) -> SourcePlace {
        SourcePlace(found: found, name: name ?? found.path.name ?? FileName("root".utf8))
    }

    private static func matches(_ request: RequestedPath, in boundary: Boundary) throws(KithError) -> [SourcePlace] {
        let names = request.path.names
        let plain = names.prefix { !GlobPattern($0.bytes).isMagic }
        var paths = [DiskPath(names: plain)]
        for name in names.dropFirst(plain.count) {
            var next: [DiskPath] = []
            for path in paths { next += try step(from: path, name, boundary) }
            paths = next
            guard paths.count <= maximumMatches else {
                throw KithError(
                    .limited, "`\(request.path.text)` stands for more than \(maximumMatches) names.",
                    hint: "Ask for the folder instead.")
            }
        }
        let places = paths.compactMap { path in
            (try? boundary.open(RequestedPath(path))).map { place($0, called: path.name) }
        }
        guard !places.isEmpty else { throw nothing(request) }
        return places
    }

    /// The paths one level below `path` whose name is `name`, or one that it means.
    private static func step(from path: DiskPath, _ name: FileName, _ boundary: Boundary) throws(KithError)
        -> [DiskPath]
    {
        let pattern = GlobPattern(name.bytes)
        guard pattern.isMagic else { return [path.appending(name)] }
        guard let folder = try? boundary.open(RequestedPath(path)), folder.status.kind == .directory else { return [] }
        let names = try explaining("read", path.text) { () throws(Errno) in try folder.descriptor.names() }
        return names.filter { pattern.matches($0.bytes) }.map { path.appending($0) }
            .filter { (try? boundary.open(RequestedPath($0), following: false)) != nil }
    }

    /// The owner's own paths are of this machine, where `kith` is not needed to look.
    private static func missing(_ request: RequestedPath) -> KithError {
        KithError(
            .notFound, "There is no `\(request.path.text)` on the sending machine.", hint: "Check the path there.")
    }

    private static func nothing(_ request: RequestedPath) -> KithError {
        KithError(.notFound, "Nothing is called `\(request.path.text)`.", hint: "Look with `kith ls`.")
    }
}
