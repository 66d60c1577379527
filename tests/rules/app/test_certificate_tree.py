"""The log's tree: RFC 6962's own vectors, and growth as a property."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.certificates import tree

# The leaves and roots of the test data that RFC 6962 implementations share.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


class Grown:
    """A tree with all its tiles, grown leaf by leaf."""

    def __init__(self, size: int) -> None:
        self.leaves = [tree.leaf_hash(place.to_bytes(4)) for place in range(size)]
        self.tiles: dict[tree.Tile, bytes] = {}
        self.edges: list[bytes] = []
        self.roots = [tree.EMPTY_ROOT]
        for place, leaf in enumerate(self.leaves):
            self.tiles.update(tree.append_to(self.edges, leaf, place))
            self.roots.append(tree.edge_root(self.edges))
        partial = {
            (level, size >> 8 * (level + 1)): edge for level, edge in enumerate(self.edges) if edge
        }
        self.tiles |= partial

    def hashes(self, ranges: list[tuple[int, int]]) -> list[bytes]:
        return [tree.range_hash(self.tiles, start, end) for start, end in ranges]


GROWN = Grown(1000)


class TestTree:
    @pytest.mark.parametrize("size", ROOTS)
    def test_has_the_roots_of_the_shared_vectors(self, size):
        hashes = [tree.leaf_hash(leaf) for leaf in LEAVES[:size]]

        assert tree.root_of(hashes).hex() == ROOTS[size]

    @pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 768, 1000])
    def test_grows_by_tiles_to_the_same_root(self, size):
        assert GROWN.roots[size] == tree.root_of(GROWN.leaves[:size])

    @given(st.integers(1, 1000), st.data())
    def test_proves_that_a_leaf_is_in_it_and_no_other(self, size, data):
        index = data.draw(st.integers(0, size - 1))
        path = GROWN.hashes(tree.inclusion_ranges(index, size))

        assert tree.includes(GROWN.leaves[index], index, size, path, GROWN.roots[size])
        assert not tree.includes(tree.leaf_hash(b"other"), index, size, path, GROWN.roots[size])
        assert not tree.includes(
            GROWN.leaves[index], index, size, [*path, bytes(32)], GROWN.roots[size]
        )
        assert not tree.includes(GROWN.leaves[index], size, size, path, GROWN.roots[size])

    @settings(max_examples=200)
    @given(st.integers(1, 1000), st.data())
    def test_proves_that_it_only_grew(self, size, data):
        old = data.draw(st.integers(1, size))
        path = GROWN.hashes(tree.consistency_ranges(old, size))

        assert tree.is_consistent(old, size, GROWN.roots[old], GROWN.roots[size], path)
        if old < size:
            assert not tree.is_consistent(old, size, GROWN.roots[old - 1], GROWN.roots[size], path)
            assert not tree.is_consistent(old, size, GROWN.roots[old], GROWN.roots[size - 1], path)
            assert not tree.is_consistent(old, size, GROWN.roots[old], GROWN.roots[size], path[:-1])

    def test_is_consistent_with_nothing_and_with_itself(self):
        assert tree.is_consistent(0, 5, tree.EMPTY_ROOT, GROWN.roots[5], [])
        assert tree.is_consistent(5, 5, GROWN.roots[5], GROWN.roots[5], [])
        assert not tree.is_consistent(5, 5, GROWN.roots[4], GROWN.roots[5], [])
        assert not tree.is_consistent(6, 5, GROWN.roots[5], GROWN.roots[5], [bytes(32)])

    def test_cannot_read_a_node_from_a_tile_too_short(self):
        with pytest.raises(KeyError):
            tree.node_from({(0, 0): bytes(32)}, (0, 1))


class TestTilePath:
    @pytest.mark.parametrize(
        ("number", "path"), [(0, "000"), (7, "007"), (1234067, "x001/x234/067")]
    )
    def test_is_written_in_threes(self, number, path):
        assert tree.tile_path(number) == path
        assert tree.parse_tile_path(path) == (number, 256)
        assert tree.parse_tile_path(f"{path}.p/9") == (number, 9)

    @pytest.mark.parametrize(
        "path", ["0", "x000/001", "000.p/0", "000.p/256", "000.p/01", "000.p/", "a", "-01"]
    )
    def test_is_refused_in_any_other_form(self, path):
        with pytest.raises(ValueError):  # noqa: PT011 - the path is the message
            tree.parse_tile_path(path)
