import gc,sys,time,cProfile,pstats
from truth import *
from collections import Counter
from newscrawl.extract.html import *
from newscrawl.extract.html.tree import parse
norm=lambda t:' '.join((t or '').split())
for s in ['wcxb-dev','fundus-dev']:
    ps=load(corpus()/s)
    for p in ps[:20]: extract_html(p.body,url=p.url)
    fl=time.process_time(); [parse(p.body) and 0 for p in ps]; fl=time.process_time()-fl
    a=time.process_time(); R=[extract_html(p.body,url=p.url) for p in ps]; b=time.process_time()-a
    print(s,'floor',fl/len(ps)*1e3,'ours',b/len(ps)*1e3,b/fl, Counter(r.kind for r in R))
    for tune in (True,False):
        o=[(p,r) for p,r in zip(ps,R) if p.tune==tune]
        print(tune,body_scores(overlap(p.expected['body'] or '',r.article_body) for p,r in o),'head',sum(norm(p.expected['title'])==norm(r.headline) for p,r in o)/len(o),'auth',sum(set(p.expected['authors']or[])==set(a.name for a in r.authors) for p,r in o)/len(o), Counter(r.extracted_by.get('article_body') for p,r in o))
    print('all',body_scores(overlap(p.expected['body'] or '',r.article_body) for p,r in zip(ps,R)))
if 'p' in sys.argv:
    pr=cProfile.Profile(); pr.enable(); [extract_html(p.body,url=p.url) and 0 for p in ps]; pr.disable(); pstats.Stats(pr).sort_stats('tottime').print_stats(30)
