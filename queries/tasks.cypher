// 任务一览
// title.en: Tasks with all that is said of them
// description.zh: 一份文件、一个地区、一个单位、一个年度或全部的任务：编号、标题、正文、牵头、责任和配合单位、时限，以及文件的来源网址（address）。
// description.en: The tasks of a document, a region, a unit, a year, or all: number, title, text, who leads, answers for and supports them, deadlines, and the address that the document was fetched from.
// parameter: document document ''
// parameter: region region ''
// parameter: unit unit ''
// parameter: year integer 0
// columns: task, item, title, leads[], responsibles[], supports[], deadline[], document, region, year, text, address
MATCH (d:Document)-[:CONTAINS]->(t:Task)
WHERE ($document = '' OR d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases)
  AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
  AND ($year = 0 OR d.year = $year)
  AND ($unit = '' OR EXISTS {
    MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit)
    WHERE ('\n' + $unit + '\n') CONTAINS ('\n' + v.id + '\n') OR ('\n' + $unit + '\n') CONTAINS ('\n' + v.name + '\n') OR $unit IN v.aliases
  })
WITH d, t
OPTIONAL MATCH (t)<-[:LEADS]-(a:Unit)
WITH d, t, collect(DISTINCT a.name) AS leads
OPTIONAL MATCH (t)<-[:RESPONSIBLE_FOR]-(b:Unit)
WITH d, t, leads, collect(DISTINCT b.name) AS responsibles
OPTIONAL MATCH (t)<-[:SUPPORTS]-(c:Unit)
WITH d, t, leads, responsibles, collect(DISTINCT c.name) AS supports
OPTIONAL MATCH (t)-[:DUE]->(l:Deadline)
WITH d, t, leads, responsibles, supports, collect(l.text) AS deadline
RETURN t.id AS task, t.name AS item, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       leads, responsibles, supports, deadline, d.id AS document, coalesce(d.region, '') AS region,
       coalesce(d.year, 0) AS year, t.text AS text, coalesce(d.address, '') AS address
ORDER BY d.id, t.`order`, t.id
