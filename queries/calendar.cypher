// 任务日历
// title.en: What falls due month by month
// description.zh: 逐月到期的任务数；没有日期的另计：长期（ongoing）、定期（recurring）、相对时限（relative）。地区为文件所属地区。
// description.en: How many tasks fall due in each month; those without a date apart: standing (ongoing), recurring and relative to something. The region is that of the documents.
// parameter: region region ''
// parameter: unit unit ''
// parameter: year integer 0
// parameter: from date ''
// parameter: to date ''
// columns: month, kind, tasks, documents, regions[]
MATCH (d:Document)-[:CONTAINS]->(t:Task)-[:DUE]->(l:Deadline)
WHERE ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
  AND ($year = 0 OR d.year = $year)
  AND (l.due IS NULL OR (l.due >= date($from) AND l.due <= date($to)))
  AND ($unit = '' OR EXISTS {
    MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit)
    WHERE ('\n' + $unit + '\n') CONTAINS ('\n' + v.id + '\n') OR ('\n' + $unit + '\n') CONTAINS ('\n' + v.name + '\n') OR $unit IN v.aliases
  })
// The words of a date are its days in ISO form, the last one behind.
WITH CASE WHEN l.due IS NULL THEN '' ELSE left(right(l.text, 10), 7) END AS month, l.kind AS kind, t, d
WITH month, kind, count(DISTINCT t.id) AS tasks, count(DISTINCT d.id) AS documents,
     collect(DISTINCT coalesce(d.region, '')) AS regions,
     CASE WHEN month = '' THEN 1 ELSE 0 END AS apart
RETURN month, kind, tasks, documents, regions
ORDER BY apart, month, kind
