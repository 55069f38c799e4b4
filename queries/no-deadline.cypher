// 没有时限的任务
// title.en: Tasks with no deadline of their own
// description.zh: 自身没有写明任何时限的任务；对整份文件的时限不算。
// description.en: Tasks for which no time limit is set; a limit of the whole document does not count.
// parameter: document document ''
// columns: task, title, units[], document, item, leads[], responsibles[], supports[], region, words
MATCH (d:Document)-[:CONTAINS]->(t:Task)
WHERE ($document = '' OR d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases)
  AND NOT EXISTS { MATCH (t)-[:DUE]->(:Deadline) }
WITH t
OPTIONAL MATCH (t)<-[r:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH t, u.name AS name, type(r) AS role
WITH t, name, max(CASE role WHEN 'LEADS' THEN 1 ELSE 0 END) AS lead,
     max(CASE role WHEN 'RESPONSIBLE_FOR' THEN 1 ELSE 0 END) AS responsible, max(CASE role WHEN 'SUPPORTS' THEN 1 ELSE 0 END) AS support
WITH t, collect(name) AS units, collect(CASE lead WHEN 1 THEN name END) AS leads,
     collect(CASE responsible WHEN 1 THEN name END) AS responsibles, collect(CASE support WHEN 1 THEN name END) AS supports
WITH t.id AS id, units, leads, responsibles, supports
// Ids alone until here: the embedded store takes twice as long where it carries texts through the groups.
MATCH (d:Document)-[:CONTAINS]->(t:Task {id: id})
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       units, d.id AS document,
       t.name AS item, leads, responsibles, supports, coalesce(d.region, '') AS region, left(t.text, 60) AS words
ORDER BY d.id, t.`order`, t.id
