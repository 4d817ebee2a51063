"""The addresses of a ``srcset``, split as the HTML standard says.

https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute: an address ends at white
space, so that a comma may stand in it; one at its end parts it from the next.
"""

import re

_SPACE = " \t\n\f\r"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([wx])")


def candidates(srcset: str) -> list[tuple[str, float]]:
    """Return the addresses of a ``srcset`` with their widths in pixels, or their densities.

    Args:
        srcset: the attribute's value.

    >>> candidates("/a,b_300.jpg 300w, /a,b_900.jpg 900w")
    [('/a,b_300.jpg', 300.0), ('/a,b_900.jpg', 900.0)]
    >>> candidates("a.jpg, b.jpg 2x")
    [('a.jpg', 1.0), ('b.jpg', 2.0)]
    """
    found: list[tuple[str, float]] = []
    at, end = 0, len(srcset)
    while at < end:
        while at < end and (srcset[at] in _SPACE or srcset[at] == ","):
            at += 1
        start = at
        while at < end and srcset[at] not in _SPACE:
            at += 1
        url = srcset[start:at]
        if not url:
            break
        descriptors = ""
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            start, depth = at, 0
            while at < end and (depth or srcset[at] != ","):
                depth += (srcset[at] == "(") - (srcset[at] == ")" and depth > 0)
                at += 1
            descriptors = srcset[start:at]
        size = _SIZE.search(descriptors)
        if url:
            found.append((url, float(size[1]) if size else 1.0))
    return found


def largest_of(srcset: str) -> str:
    """Return the address of the largest picture in a ``srcset``, "" where it names none."""
    return max(candidates(srcset), key=lambda candidate: candidate[1], default=("", 0.0))[0]
