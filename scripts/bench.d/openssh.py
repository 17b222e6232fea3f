# usage: from openssh import SSHServer     an sshd of our own on the loopback interface, and a client's configuration for it
import os, socket

from race import FAREWELLS, folder, run, start, wait_until
from nodes import HOME, free_port


class SSHServer:
    """`hosts` plain, mux (a held connection) and gcm (aes128-gcm) all lead to it; nothing of the user's own is read."""

    def __init__(self):
        self.folder, self.port, self.process = folder(), free_port(), None
        for key in ("host", "user"):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{self.folder}/{key}"])
        if os.getuid() == 0 and not os.path.isdir("/run/sshd"):
            os.mkdir("/run/sshd")
            FAREWELLS.append(lambda: os.rmdir("/run/sshd"))
        self.write("sshd_config", SERVER)
        self.write("ssh_config", CLIENT)

    def write(self, name, content):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(content.format(folder=self.folder, port=self.port, home=HOME, user=os.environ.get("USER", "root")))

    def spawn(self):
        self.process = start(["/usr/sbin/sshd", "-D", "-f", f"{self.folder}/sshd_config"], log=f"{self.folder}/sshd.log")

    def start(self):
        self.spawn()
        wait_until(self.answers, "sshd answers")
        return self

    def answers(self):
        """Whether the banner comes."""
        try:
            with socket.create_connection(("127.0.0.1", self.port)) as door:
                return door.recv(4) == b"SSH-"
        except ConnectionError:
            return False

    def words(self, program, *rest):
        return [program, "-F", f"{self.folder}/ssh_config", *rest]


# HOME is a clean one: a heavy start-up file of the user's shell would make ssh look slow.
SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
MaxStartups 100
SetEnv HOME={home}
Subsystem sftp /usr/lib/openssh/sftp-server
"""

CLIENT = """
Host *
  HostName 127.0.0.1
  Port {port}
  IdentityFile {folder}/user
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known
  StrictHostKeyChecking accept-new
  LogLevel ERROR
Host mux
  ControlMaster auto
  ControlPath {folder}/mux
  ControlPersist yes
Host gcm
  Ciphers aes128-gcm@openssh.com
"""
