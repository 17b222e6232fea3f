/// What one session with avahi-daemon tells its owner, in values: no pointer leaves the session.
enum AvahiSignal: Sendable {
    /// avahi-daemon answers: searching has begun, and announcing may.
    case running
    /// The bus is there, avahi-daemon is not (yet).
    case waiting
    /// The host's own name is being settled; adverts must be withdrawn until it runs again.
    case settling
    /// The session is dead, with libavahi's number for the reason.
    case failed(Int32)
    /// Somebody else announces under our instance's name.
    case nameTaken
    /// An instance is there, or it changed.
    case seen(Sighting)
    /// An instance is there, but what it says is no advert.
    case unreadable(Sighting.Key)
    /// An instance is gone.
    case gone(Sighting.Key)
}
