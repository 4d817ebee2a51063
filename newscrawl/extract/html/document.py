from functools import cached_property
from newscrawl.extract.html.tree import *
class D:
    def __init__(s,b): s.t=parse(b)
    @cached_property
    def walked(s): return walk(s.t.body)
    @property
    def body_hints(s):
        h=s.t.css_first('meta[property="og:title"]'); d=s.t.css_first('meta[property="og:description"],meta[name="description"]')
        g=lambda x:(x.attributes.get('content') or '') if x else ''
        ti=s.t.css_first('title')
        return g(h) or (ti.text() if ti else ''), g(d), ''
def parse_html(b,url=None): return D(b)
