/// The columns that all tables of the screen share; a width of 0 is a column that there is no room for.
struct TopColumns: Equatable {
    let width: Int
    let name: Range<Int>
    let state: Range<Int>
    let time: Range<Int>
    let who: Range<Int>
    let rest: Range<Int>

    /// The columns of a window `width` columns wide. They depend on nothing else, so nothing moves sideways.
    init(width: Int) {
        self.width = width
        let widths =
            switch width {
            case 140...: (name: 28, state: 14, time: 10, who: 26)
            case 72...: (name: 14, state: 11, time: 7, who: 12)
            case 50...: (name: 14, state: 11, time: 7, who: 0)
            default: (name: max(1, min(14, width - 14)), state: 11, time: 0, who: 0)
            }
        var next = 2
        func take(_ count: Int) -> Range<Int> {
            let start = min(next, width)
            let end = min(start + count, width)
            if count > 0 { next = end + 2 }
            return start..<end
        }
        name = take(widths.name)
        state = take(widths.state)
        time = take(widths.time)
        who = take(widths.who)
        rest = take(widths.time == 0 ? 0 : max(0, width - next))
    }
}
