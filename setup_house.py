"""Set-up, with nothing but Python's standard library: `python3 setup_house.py run|test|bench`.

`run` makes what the server needs: `.venv` from the hashed requirements, and the third-party scripts
and fonts. `test` adds the tools of the gate and the parts of the system that it drives, `bench` the
frameworks that are measured beside us, in an environment of their own. Stamps say what is done
already, so a second time costs nothing. No address of a registry is written or passed
here: pip, uv and npm keep the settings of the machine.
"""

import ctypes.util
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(
        "乡匠需要 Python 3.11 或更新的版本；这里是 %s（%s）。\n"
        "请安装后再试，或指明解释器：make run PYTHON=/路径/python3.11"
        % (sys.version.split()[0], sys.executable)
    )

ROOT = Path(__file__).resolve().parent
SETUP = ROOT / ".setup"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"run": ROOT / "requirements.txt", "test": ROOT / "requirements-dev.txt"}
PURPOSES = (*REQUIREMENTS, "bench")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COMMAND = """#!/bin/sh
# Made by setup_house.py: the command line of the house, from any folder.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.." && pwd)
PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}" exec "$here/.venv/bin/python" -m app "$@"
"""


class CannotSetUp(Exception):
    """Set-up cannot go on; the message says what is missing and what to do."""


def main(purpose):
    """Set up; do nothing where the stamps agree."""
    SETUP.mkdir(exist_ok=True)
    with (SETUP / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        set_up_python("run" if purpose == "run" else "test")
        set_up_vendor(for_tests=purpose != "run")
        if purpose == "bench":
            set_up_rivals()
    if purpose != "run":
        set_up_system()


# ---------------------------------------------------------------------------------- Python's parts


def set_up_python(purpose):
    """Make `.venv` and install the hashed requirements of the purpose into it."""
    stamp = SETUP / f"python-{purpose}"
    wanted = fingerprint(REQUIREMENTS[purpose])
    if VENV_PYTHON.exists() and stamp.is_file() and stamp.read_text() == wanted:
        return
    uv = find_uv()
    if not is_ours(VENV_PYTHON):
        say("建立 Python 环境 .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        for old in SETUP.glob("python-*"):
            old.unlink()
        make_venv(uv, VENV)
    say(f"安装 Python 组件（{REQUIREMENTS[purpose].name}，按哈希核对）")
    install(uv, REQUIREMENTS[purpose], into=VENV_PYTHON)
    write_command()
    stamp.write_text(wanted)
    if purpose == "test":  # the longer list holds the shorter one, version for version
        (SETUP / "python-run").write_text(fingerprint(REQUIREMENTS["run"]))


def fingerprint(requirements):
    """Return what decides whether an installation is still the right one."""
    digest = hashlib.sha256(requirements.read_bytes())
    digest.update(f"{VENV}|{sys.version_info[:2]}|{os.uname().machine}".encode())
    return digest.hexdigest()


def is_ours(python):
    """Tell whether this environment works and is of the interpreter's version."""
    if not python.exists():
        return False
    ask = "import sys; print(sys.prefix, *sys.version_info[:2], sep='|')"
    done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    major, minor = sys.version_info[:2]
    return done.stdout.strip() == f"{VENV}|{major}|{minor}"


def find_uv():
    """Return the path of uv, installed into a folder of its own; None where only pip can be had."""
    lock = ROOT / "requirements-uv.txt"
    folder, stamp = SETUP / "uv", SETUP / "uv.stamp"
    wanted = fingerprint(lock)
    program = folder / "bin" / "uv"
    if program.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return program
    if not has_pip():
        on_path = shutil.which("uv")
        if on_path:
            return Path(on_path)
        get_pip()
    say("安装 uv（只在 .setup 中）")
    shutil.rmtree(folder, ignore_errors=True)
    command = ["install", "--quiet", "--target", folder, "--require-hashes", "-r", lock]
    done = pip(command, quiet=True)
    if done.returncode or not program.is_file():
        say("uv 未能安装，改用 pip")
        return None
    stamp.write_text(wanted)
    return program


def has_pip():
    """Tell whether this interpreter has pip."""
    return pip(["--version"], quiet=True).returncode == 0


def get_pip():
    """Get pip from the system's packages where we may, or say what to do."""
    if may_apt() and sys.executable.startswith("/usr/bin/"):
        apt_install(["python3-pip"])
        if has_pip():
            return
    raise CannotSetUp(
        f"{sys.executable} 没有 pip。请先安装它"
        "（Debian、Ubuntu：apt-get install python3-pip），再运行一次。"
    )


def set_up_rivals():
    """Make the environment of the other frameworks; without it the benchmark only says so."""
    folder, stamp = SETUP / "rivals", SETUP / "rivals.stamp"
    lock = ROOT / "requirements-rivals.txt"
    if stamp.is_file() and stamp.read_text() == fingerprint(lock):
        return
    say("安装用来比较的框架（只在 .setup 中）")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        uv = find_uv()
        make_venv(uv, folder)
        install(uv, lock, into=folder / "bin" / "python")
        stamp.write_text(fingerprint(lock))
    except (CannotSetUp, subprocess.CalledProcessError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        say(f"比较用的框架未能安装，基准测试不作比较：{problem}")


def make_venv(uv, folder):
    """Make an environment; neither way needs Debian's python3-venv."""
    if uv:
        command = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, folder]
        if run(command) == 0:
            return
        shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)


def install(uv, requirements, *, into):
    """Install a hashed list with uv, or with pip where uv cannot be had or does not get through."""
    hashed = ["--quiet", "--require-hashes", "-r", requirements]
    if uv:
        if run([uv, "pip", "install", "--python", into, *hashed]) == 0:
            return
        say("uv 未能装完，改用 pip")
    if pip(["--python", into, "install", *hashed]).returncode:
        raise CannotSetUp("Python 组件未能装完。上面是原因；多半是网络，再运行一次即从断处继续。")


def pip(arguments, *, quiet=False):
    """Run this interpreter's pip."""
    out = subprocess.DEVNULL if quiet else None
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, env=environment(), stdout=out, stderr=out, check=False)


def run(command):
    """Run a program in the environment of the package clients and return its exit code."""
    return subprocess.run(command, env=environment(), check=False).returncode


def environment():
    """Return the machine's environment, less what would bend where packages go."""
    own = {
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_USER": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_INPUT": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
    }
    return {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | own


def write_command():
    """Put the command `xiangjiang` into the environment; unlike a made script it bears any path."""
    place = VENV / "bin" / "xiangjiang"
    place.write_text(COMMAND)
    place.chmod(0o755)


# ------------------------------------------------------------------------------ scripts and fonts


def set_up_vendor(*, for_tests):
    """Fetch the third-party scripts and fonts, with Node from PyPI where the machine has no npm."""
    sys.path.insert(0, str(ROOT))
    import vendor_files

    if vendor_files.is_fresh(for_tests=for_tests):
        return
    node = SETUP / "node"
    if not vendor_files.has_npm():
        say("安装 Node（只为取第三方组件，用后即删）")
        shutil.rmtree(node, ignore_errors=True)
        lock = ROOT / "requirements-node.txt"
        hashed = ["install", "--quiet", "--target", node, "--require-hashes", "-r", lock]
        uv = find_uv()
        by_uv = uv and run([uv, "pip", *hashed, "--python", VENV_PYTHON]) == 0
        if not by_uv and pip(hashed).returncode:
            raise CannotSetUp("Node 未能安装；上面是原因。")
    say("取第三方脚本和证书字体（按哈希核对，约 90 MB；合成生僻字字体约需半分钟）")
    exit_code = run([VENV_PYTHON, ROOT / "vendor_files.py", node])
    shutil.rmtree(node, ignore_errors=True)
    if exit_code:
        raise CannotSetUp("第三方脚本和字体未能取得；上面是原因。")


# ----------------------------------------------------------------------------- parts of the system


def set_up_system():
    """See that the programs which the tests drive are here; install them where we may."""
    missing = missing_parts()
    if missing and may_apt():
        apt_install([package for _, package in missing])
        missing = missing_parts()
    if missing:
        names = "、".join(name for name, _ in missing)
        packages = " ".join(package for _, package in missing)
        raise CannotSetUp(
            f"测试还需要：{names}。\n"
            f"请管理员安装（Debian、Ubuntu：apt-get install {packages}），再运行一次。\n"
            "服务器本身（make run）不需要它们。"
        )


def missing_parts():
    """List what is missing as (what it is, Debian's package)."""
    found = [
        ("Chromium 浏览器", "chromium", any(shutil.which(name) for name in CHROMIUM)),
        ("pdftoppm（把 PDF 画成图片）", "poppler-utils", shutil.which("pdftoppm") is not None),
        ("屏幕用的中文字体", "fonts-noto-cjk", has_chinese_font()),
        ("libzbar（另一种二维码识读库）", "libzbar0", ctypes.util.find_library("zbar") is not None),
    ]
    return [(name, package) for name, package, is_here in found if not is_here]


def has_chinese_font():
    """Tell whether a browser on this machine can show Chinese."""
    if shutil.which("fc-list") is None:
        return False
    done = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
    return bool(done.stdout.strip())


def may_apt():
    """Tell whether we may install packages of the system."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages):
    """Install Debian packages; what fails is noticed by looking again for the part itself."""
    say("安装系统组件：" + " ".join(packages))
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)


def say(words):
    """Tell what is being done, with the seconds since the start."""
    print(f"[准备 {time.monotonic() - STARTED:5.1f} 秒] {words}", flush=True)


STARTED = time.monotonic()

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PURPOSES:
        sys.exit("用法：python3 setup_house.py run|test|bench")
    try:
        main(sys.argv[1])
    except CannotSetUp as problem:
        sys.exit(f"\n准备未完成：{problem}")
