"""Addresses of a srcset, as the HTML standard splits them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.html.srcset import candidates, largest_of


@pytest.mark.parametrize(
    ("srcset", "found"),
    [
        ("a.jpg", [("a.jpg", 1.0)]),
        ("a.jpg 1x, b.jpg 2x", [("a.jpg", 1.0), ("b.jpg", 2.0)]),
        ("/q=80,w=300/a.jpg 300w,/q=80,w=900/a.jpg 900w",
         [("/q=80,w=300/a.jpg", 300.0), ("/q=80,w=900/a.jpg", 900.0)]),
        ("a.jpg, b.jpg", [("a.jpg", 1.0), ("b.jpg", 1.0)]),
        ("  ,, a.jpg 300w ,\n b.jpg 1.5x", [("a.jpg", 300.0), ("b.jpg", 1.5)]),
        ("a.jpg (1, 2) 300w, b.jpg 100w", [("a.jpg", 300.0), ("b.jpg", 100.0)]),
        ("", []), (" , ", []),
    ],
)  # fmt: skip
def test_addresses_end_at_white_space_and_not_at_commas(srcset, found):
    assert candidates(srcset) == found


def test_the_largest_is_taken_wherever_it_stands():
    assert largest_of("a,b.jpg 900w, c.jpg 300w") == "a,b.jpg"
    assert largest_of("") == ""


@given(st.text(alphabet="ab,/ ().19wx\n", max_size=60))
def test_no_address_is_made_up(srcset):
    for url, _ in candidates(srcset):
        assert url in srcset
        assert not url.startswith(",")
