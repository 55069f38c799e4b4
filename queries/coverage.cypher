// 上级任务的承接情况
// title.en: How a paper's tasks are taken up below
// description.zh: 上级文件的每项任务在每份直接下级文件中如何承接：covered 承接、changed 承接而有改动、outdated 确认之后文本有变、missing 未见、elsewhere 属其他部门工作。
// description.en: Each task of a paper in each paper right below it: covered, changed (taken up with a change), outdated (confirmed of texts that have changed since), missing, or elsewhere (another bureau's work).
// parameter: document document required
// example: document=霁政办发〔2023〕46号
// columns: task, title, lower, region, status, state, tasks[], changes[]
MATCH (d:Document)
WHERE d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases
MATCH (l:Document)-[:IMPLEMENTS*1..4]->(d)
WHERE l.loaded AND NOT EXISTS { MATCH (l)-[:IMPLEMENTS*1..3]->(m:Document)-[:IMPLEMENTS*1..3]->(d) WHERE m.loaded }
WITH DISTINCT d, l
OPTIONAL MATCH (l)-[:ISSUED_BY]->(u:Unit)
WHERE NOT u.`function` IN ['政府', '政府办公', '党务综合', '乡镇街道'] AND size(u.fields) > 0
MATCH (d)-[:CONTAINS]->(t:Task)
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit)
WITH d, l, t, count(CASE WHEN size(u.fields) > 0 AND size(v.fields) > 0 THEN 1 END) AS known,
     count(CASE WHEN any(field IN v.fields WHERE field IN u.fields) THEN 1 END) AS own
OPTIONAL MATCH (t)<-[r:DERIVES_FROM]-(x:Task)
WHERE x.document = l.id
WITH l, t, known, own, collect(CASE WHEN x.title IS NULL OR x.title = '' THEN left(x.text, 30) ELSE x.title END) AS tasks,
     count(r.kind) AS links, count(CASE WHEN r.state = 'suspect' THEN 1 END) AS doubted,
     count(CASE WHEN r.state <> 'suspect' AND size(r.change) > 0 THEN 1 END) AS altered,
     max(CASE r.state WHEN 'suspect' THEN 4 WHEN 'confirmed' THEN 3 WHEN 'sure' THEN 2 WHEN 'likely' THEN 1 END) AS best
OPTIONAL MATCH (t)<-[r:DERIVES_FROM]-(x:Task)
WHERE x.document = l.id
UNWIND CASE WHEN r.change IS NULL OR size(r.change) = 0 THEN [''] ELSE r.change END AS change
WITH l, t, known, own, tasks, links, doubted, altered, best, collect(DISTINCT CASE WHEN change <> '' THEN change END) AS changes
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       l.id AS lower, l.region AS region,
       CASE WHEN links > altered + doubted THEN 'covered' WHEN altered > 0 THEN 'changed' WHEN links > 0 THEN 'outdated'
            WHEN known > 0 AND own = 0 THEN 'elsewhere' ELSE 'missing' END AS status,
       CASE best WHEN 4 THEN 'suspect' WHEN 3 THEN 'confirmed' WHEN 2 THEN 'sure' WHEN 1 THEN 'likely' ELSE '' END AS state,
       tasks, changes
ORDER BY t.`order`, t.id, l.id
