/// What no peer touches unless a grant names it: secrets, and what a shell or a desktop runs by itself.
public enum PrivatePlaces {
    /// Relative to the home folder.
    public static let inHome = [
        ".ssh", ".gnupg", ".aws", ".config/kith",
        ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".profile",
        ".zshrc", ".zprofile", ".zshenv", ".zlogin", ".zlogout", ".config/fish",
        ".pam_environment", ".xprofile", ".xsession", ".xsessionrc", ".xinitrc", ".config/environment.d",
        ".config/systemd/user", ".local/share/systemd/user", ".config/autostart",
    ]
}
