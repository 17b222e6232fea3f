/// What each control and sequence does: to the canvas, or to what is kept beside it.
extension Screen {
    func take(_ token: ControlScanner.Token) {
        switch token.kind {
        case .text: canvas.write(text: scanner.bytes[token.range], wraps: modes[7])
        case .control(let byte): control(byte)
        case .escape(let intermediate, let final): escape(intermediate, final)
        case .sequence(let sequence): take(sequence, scanner.bytes[token.range])
        case .string(.command, let content): command(content)
        case .string, .passing: break
        }
    }

    private func control(_ byte: UInt8) {
        switch byte {
        case 0x08...0x0D: canvas.control([byte])
        case 0x0E, 0x0F:
            charsets.inUse = byte == 0x0E ? 1 : 0
            canvas.control([byte])
        default: break
        }
    }

    // MARK: Escapes

    private func escape(_ intermediate: UInt8, _ final: UInt8) {
        if intermediate != 0 { return designate(intermediate, final) }
        switch final {
        case UInt8(ascii: "7"): saveCursor()
        case UInt8(ascii: "8"): restoreCursor()
        case UInt8(ascii: "="): modes[66] = true
        case UInt8(ascii: ">"): modes[66] = false
        case UInt8(ascii: "D"), UInt8(ascii: "E"), UInt8(ascii: "M"): canvas.control([0x1B, final])
        case UInt8(ascii: "H"): setTabStop()
        case UInt8(ascii: "n"), UInt8(ascii: "o"):
            charsets.inUse = final == UInt8(ascii: "n") ? 2 : 3
            canvas.control([0x1B, final])
        case UInt8(ascii: "c"): reset()
        default: break
        }
    }

    private func designate(_ intermediate: UInt8, _ final: UInt8) {
        if intermediate == UInt8(ascii: "#"), final == UInt8(ascii: "8") { return canvas.control("\u{1b}#8") }
        if charsets.designate(intermediate, final) { canvas.control([0x1B, intermediate, final]) }
    }

    // MARK: Sequences

    private func take(_ sequence: ControlSequence, _ bytes: ArraySlice<UInt8>) {
        switch sequence.kind {
        case "@", "A", "B", "C", "D", "E", "F", "G", "H", "I", "K", "L", "M", "P", "S", "X", "Z", "`", "a", "d", "e",
            "f", "j", "k", "?J", "?K", "'}", "'~":
            draw(sequence)
        case "T" where sequence.numbers.count < 2: draw(sequence)
        case "J": sequence[0] == 3 ? canvas.clearScrollback() : draw(sequence)
        case "b": repeatLast(sequence.count())
        case "m": canvas.pen.select(sequence.numbers)
        case "\"q": protect(sequence[0] == 1)
        case "g": clearTabStops(sequence[0] ?? 0)
        case "r": setMargins(sequence)
        case "s": modes[69] ? setSideMargins(sequence) : saveCursor()
        case "u": restoreCursor()
        case "h", "l": setMode(sequence)
        case "?h", "?l": for number in sequence.numbers { setPrivate(number.value ?? 0, sequence.final == 0x68) }
        case " q": modes.cursorShape = min(6, sequence[0] ?? 0)
        case "!p": softReset()
        case "t": title(sequence)
        case ">m": if sequence[0] == 4 { modes.otherKeys = min(3, sequence[1] ?? 0) } else { modes.otherKeys = 0 }
        case ">u": modes.pushKeyboard(sequence[0] ?? 0)
        case "<u": modes.popKeyboard(sequence.count())
        case "=u": modes.setKeyboard(sequence[0] ?? 0, how: sequence[1] ?? 1)
        default: break
        }
    }

    /// Gives libvterm a sequence in its plainest spelling.
    private func draw(_ sequence: ControlSequence) {
        let numbers = sequence.numbers.prefix(2).map { $0.value.map(String.init) ?? "" }.joined(separator: ";")
        let leader = sequence.leader == 0 ? [] : [sequence.leader]
        let intermediate = sequence.intermediate == 0 ? [] : [sequence.intermediate]
        canvas.control([0x1B, 0x5B] + leader + Array(numbers.utf8) + intermediate + [sequence.final])
    }

    private func repeatLast(_ count: Int) {
        guard let glyph = canvas.lastGlyph else { return }
        var one: [UInt8] = []
        Row.append(glyph, to: &one)
        let all = Array(repeating: one, count: min(count, size.columns * size.rows)).joined()
        canvas.write(text: Array(all)[...], wraps: modes[7])
    }

    private func protect(_ isProtected: Bool) {
        if isProtected { canvas.pen.attributes.insert(.protected) } else { canvas.pen.attributes.remove(.protected) }
    }

    private func setMargins(_ sequence: ControlSequence) {
        let top = sequence.count()
        let bottom = min(sequence[1].flatMap { $0 == 0 ? nil : $0 } ?? size.rows, size.rows)
        guard top < bottom else { return }
        margins = top - 1..<bottom
        canvas.control("\u{1b}[\(top);\(bottom)r")
    }

    private func setSideMargins(_ sequence: ControlSequence) {
        let left = sequence.count()
        let right = min(sequence[1].flatMap { $0 == 0 ? nil : $0 } ?? size.columns, size.columns)
        guard left < right else { return }
        sideMargins = left - 1..<right
        canvas.control("\u{1b}[\(left);\(right)s")
    }

    // MARK: Tabs

    private func setTabStop() {
        tabStops = (tabStops ?? usualTabStops).union([canvas.cursor.column])
        canvas.control("\u{1b}H")
    }

    private func clearTabStops(_ which: Int) {
        switch which {
        case 0: tabStops = (tabStops ?? usualTabStops).subtracting([canvas.cursor.column])
        case 3: tabStops = []
        default: return
        }
        canvas.control("\u{1b}[\(which)g")
    }

    private var usualTabStops: Set<Int> { Set(stride(from: 0, to: size.columns, by: 8)) }

    // MARK: Strings

    private func command(_ content: [UInt8]) {
        let parts = content.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, [[0x30], [0x32]].contains(Array(parts[0])) else { return }
        let text = String(decoding: parts[1], as: UTF8.self).unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F
        }
        title = String(String.UnicodeScalarView(text.prefix(Self.titleLimit)))
    }

    private func title(_ sequence: ControlSequence) {
        guard sequence[1] != 1 else { return }
        if sequence[0] == 22, titles.count < Self.titleStackLimit { titles.append(title) }
        if sequence[0] == 23, let last = titles.popLast() { title = last }
    }
}
