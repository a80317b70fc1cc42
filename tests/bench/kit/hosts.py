"""`berth serve` as the benches start it: a state folder of its own, nothing logged per request, the probe plugin if wanted.

The probe runs in the host's process, as the plugins that come with a host do: what one of its own costs is the plugin's bench to say."""
import os

from .processes import Server, built

QUIET = 'log { level = "warn", requests = false }\n'


class Berth(Server):
    """One `berth serve` on a free port of 127.0.0.1, with its token."""

    def __init__(self, folder, probe=True, cpu=None):
        self.state, self.token_file = os.path.join(folder, "state"), os.path.join(folder, "token")
        config = os.path.join(folder, "berth.lua")
        with open(config, "w", encoding="utf-8") as file:
            file.write(self.config_text(probe))
        env = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
        super().__init__("berth", [built("bin", "berth"), "serve", "--config", config, "--listen", "127.0.0.1:0", "--state",
                                   self.state, "--token-file", self.token_file], cpu=cpu, env=env)

    def config_text(self, probe):
        return config_text(probe)

    def token(self):
        with open(self.token_file, encoding="ascii") as file:
            return file.read().strip()


def config_text(probe):
    text = QUIET + 'plugins "listed"\n'
    if probe:
        folder = os.path.dirname(built("tests", "plugins", "probe.so"))
        text += f'plugin_folder {folder!r}\nplugin "probe" {{ process = "host" }}\n'
    return text
