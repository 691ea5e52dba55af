use kubevet_rules::model::*;
use serde_json::Value as J;
use std::collections::BTreeMap;
struct B { files: BTreeMap<String, Vec<u8>>, dirs: Vec<String>, links: BTreeMap<String,String> }
impl B {
    fn resolve(&self, p: &str, follow: bool, n: usize) -> Option<String> {
        if n > 40 { return None; }
        let mut cur = String::new();
        let parts: Vec<&str> = p.split('/').filter(|x| !x.is_empty()).collect();
        for (i, part) in parts.iter().enumerate() {
            if *part == "." { continue; }
            if *part == ".." { cur.truncate(cur.rfind('/').unwrap_or(0)); continue; }
            let next = format!("{cur}/{part}");
            if let Some(t) = self.links.get(&next) { if follow || i + 1 < parts.len() {
                let t = if t.starts_with('/') { t.clone() } else { format!("{cur}/{t}") };
                let rest = parts[i+1..].join("/");
                return self.resolve(&format!("{t}/{rest}"), follow, n+1);
            }}
            cur = next;
        }
        Some(if cur.is_empty() { "/".into() } else { cur })
    }
    fn is_dir(&self, p: &str) -> bool {
        let pre = format!("{}/", p.trim_end_matches('/'));
        p == "/" || self.dirs.iter().any(|d| d.trim_end_matches('/') == p || d.starts_with(&pre)) || self.files.keys().any(|f| f.starts_with(&pre)) || self.links.keys().any(|f| f.starts_with(&pre))
    }
    fn kind(&self, p: &str) -> Option<FileKind> {
        if self.links.contains_key(p) { Some(FileKind::Symlink) } else if self.files.contains_key(p) { Some(FileKind::Regular) } else if self.is_dir(p) { Some(FileKind::Directory) } else { None }
    }
    fn answer(&self, want: &Want) -> Outcome {
        let meta = |kind| Outcome::Found(Content::Metadata(Metadata { mode: 0, uid: 0, gid: 0, kind }));
        match want {
            Want::File(p) => { let p = String::from_utf8_lossy(p); match self.resolve(&p, true, 0) { Some(r) => match self.files.get(&r) { Some(b) => Outcome::Found(Content::File(b.clone())), None if self.is_dir(&r) => meta(FileKind::Directory), None => Outcome::Absent }, None => Outcome::Absent } }
            Want::Directory(p) => { let p = String::from_utf8_lossy(p); match self.resolve(&p, p.ends_with('/'), 0) { Some(r) => match self.kind(&r) { Some(FileKind::Directory) => {
                let pre = format!("{}/", r.trim_end_matches('/'));
                let mut names = BTreeMap::new();
                for k in self.files.keys().chain(self.dirs.iter()).chain(self.links.keys()) { if let Some(rest) = k.strip_prefix(&pre) { let n = rest.split('/').next().unwrap(); if !n.is_empty() { names.insert(n.to_string(), self.kind(&format!("{pre}{n}")).unwrap()); } } }
                Outcome::Found(Content::Directory(names.into_iter().map(|(n,k)| Entry { name: n.into_bytes(), kind: k }).collect())) }
                Some(k) => meta(k), None => Outcome::Absent }, None => Outcome::Absent } }
            _ => Outcome::Unavailable,
        }
    }
}
#[test]
fn goldens() {
    let files = std::env::var("KUBEVET_GOLDENS").map(|f| f.split(',').map(String::from).collect::<Vec<_>>()).unwrap_or_else(|_| ["1.32.13","1.33.13","1.34.4","1.35.4","1.36.3","1.37.2"].iter().map(|v| format!("{}/../../tests/goldens/{v}.jsonl", env!("CARGO_MANIFEST_DIR"))).collect());
    let full = std::env::var("FULL").is_ok();
    let (mut n, mut bad) = (0, 0);
    for f in files { for line in std::fs::read_to_string(&f).unwrap().lines() {
        let c: J = serde_json::from_str(line).unwrap();
        let st = |v: &J| v.as_str().unwrap().to_string();
        let mut b = B { files: BTreeMap::new(), dirs: vec![], links: BTreeMap::new() };
        if let Some(o) = c["files"].as_object() { for (k,v) in o { b.files.insert(k.clone(), st(v).into_bytes()); } }
        if let Some(o) = c["links"].as_object() { for (k,v) in o { b.links.insert(k.clone(), st(v)); } }
        if let Some(o) = c["dirs"].as_array() { for v in o { b.dirs.push(st(v)); } }
        let args: Vec<Vec<u8>> = c["args"].as_array().unwrap().iter().map(|a| st(a).into_bytes()).collect();
        let mut docs = vec![Document { id: 0, answers: Want::Processes("kubelet".into()), outcome: Outcome::Found(Content::Process(Process { arguments: args, cwd: b"/".to_vec(), facts: vec![] })) }];
        let options = Options { list_settings: true, values: vec![("version".into(), st(&c["version"]))], ..Default::default() };
        for _ in 0..10 { let wants = kubevet_rules::plan(&docs, &options).unwrap(); if wants.is_empty() { break; } for w in wants { let o = b.answer(&w); docs.push(Document { id: docs.len() as u32, answers: w, outcome: o }); } }
        let r = kubevet_rules::evaluate(&docs, &options).unwrap();
        let e = &c["expect"];
        let mut why = vec![];
        let want_stage = e["refusal"]["stage"].as_str().map(String::from);
        let got = r.refusals.first().map(|x| format!("{:?}", x.stage).to_lowercase());
        if want_stage != got { why.push(format!("stage {want_stage:?} vs {got:?}: {:?}", r.refusals.first().map(|x| &x.message.text))); }
        if !r.unmet.is_empty() { why.push(format!("unmet {:?}", r.unmet)); }
        let settings: BTreeMap<&str, (J, bool)> = r.settings.iter().map(|s| (s.name.as_str(), match &s.effective { Effective::Known(d) => (serde_json::from_str(&d.value).unwrap_or_else(|e| panic!("{e} {}", d.value)), d.omitted), o => panic!("{} {o:?}", s.name) })).collect();
        if let Some(o) = e["effective"].as_object() { for (k,v) in o {
            match settings.get(k.as_str()) {
                None => if want_stage == got { why.push(format!("no setting {k}")) },
                Some((g, omitted)) => { let g2 = if *omitted { &J::Null } else { g }; if g2 != v && !(full && v.is_null() && g.is_null()) { why.push(format!("{k}: want {v} got {g} omitted {omitted}")); } }
            }
        }}
        let flags: BTreeMap<&str, J> = r.flags.iter().map(|s| (s.name.as_str(), match &s.effective { Effective::Known(d) => serde_json::from_str(&d.value).unwrap(), _ => J::Null })).collect();
        if let Some(o) = e["flags"].as_object() { for (k,v) in o { if flags.get(k.as_str()) != Some(v) && want_stage == got { why.push(format!("flag {k}: want {v} got {:?}", flags.get(k.as_str()))); } } }
        n += 1;
        if !why.is_empty() { bad += 1; if bad <= 40 { println!("{} {} args={} why: {}\n   golden: {}", c["id"], c["version"], c["args"], why.join("; "), e["refusal"]); } }
    }}
    println!("{} of {n}", n - bad);
    assert_eq!(bad, 0);
}
