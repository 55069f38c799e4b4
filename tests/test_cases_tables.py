"""Small tables that were lost or misread, each standing for a way of flattening or for a heading: all of their tasks.

The files lie in `cases/` beside the real papers; what is right is said here. A row is `title | starts … ends | units |
limits`, headings before `§`; units with the first letter of their role, limits by their last day.
"""

from __future__ import annotations

import pytest
import zhengling as zl

from .truth import real_papers

RIGHT: dict[str, list[str]] = {
    "held/16": [
        "一、加强市场主体信息公开 | 1.增强 … 信心。 | r区直各有关单位 r各片区管理局 r各乡镇人民政府（街道办事处） |",
        "一、加强市场主体信息公开 | 2.建立 … 问题。 | l区经济发展局 l区行政审批局 r区直各有关单位 r各片区管理局 |",
        "二、加强减税降费信息公开 | 3.系统 … 政策。 | l区财政金融局 r区直各有关单位 r各片区管理局 |",
        "二、加强减税降费信息公开 | 4.公开 … 流程。 | l区财政金融局 r区直各有关单位 |",
    ],
    "held/20": [
        "攻坚算力扩容（2项） | 争取智算 … 集群。 | r市发展改革委 | 2026-12-31",
        "攻坚算力扩容（2项） | 启动万卡 … 建设。 | l青河县政府 s市数据局 | 2026-09-30",
        "完善产业链条（1项） | 绘制产业 … 招商。 | l市投资促进局 s市经信局 | 2026-12-31",
    ],
    "held/34": [  # as pdftotext -raw leaves it
        "攻坚算力扩容（2项） | 争取智算 … Flops。"
        " | l市发展改革委 l市数据局（市人工智能局） s相关县（市、区）政府 | 2026-12-31",
        "攻坚算力扩容（2项） | 启动万卡 … 建设。 | r青河县政府 | 2026-09-30",
        "完善产业链条（1项） | 绘制产业 … 企业5家。 | l市投资促进局 s市经信局 | 2026-12-31",
    ],
    "held/35": [
        "一、知识产权保护方面（共2项） § 知识产权案件“三合一”审判"
        " | 整合分散 … 周期。 | s最高人民法院 s国家知识产权局 |",
        "一、知识产权保护方面（共2项） § 专利保险机制 | 围绕专利 … 损失。 | s国家知识产权局 s中国银保监会 |",
        "二、科技金融创新方面（共1项） § 科技创新专板 | 根据科技 … 服务。 | s中国证监会 |",
    ],
    "papers-a/01": [
        "- | 完成棚户 … 设施。 | r县住建局 | 2023-12-31",
        "- | 新增公交 … 十辆。 | r县交通局 | 2023-06-30",
    ],
    "papers-a/02": [
        "- | 新增公交 … 十辆。 | r县交通局 | 2018-06-30",
        "- | 启动县图 … 建设。 | r县文旅局 | 2018-12-31",
        "- | 迁建县政 … 中心。 | r县政务服务中心 | 2018-12-31",
        "- | 改造北门 … 市场。 | r县商务局 | 2018-10-31",
    ],
    "papers-a/03": [
        "规范文件公开 | 对现行文 … 目录。 | r办公室 | None",
        "做好主动公开 | 严格执行 … 风险。 | r各科室 | None",
        "做好主动公开 | 按时编制 … 监督。 | r办公室 | None",
    ],
    "papers-a/04": [
        "一、教育文化 § 1.改扩建东山学校 | 完成东山 … 使用。 | r教育体育局 |",
        "一、教育文化 § 2.推进运动场地建设 | 完成西林 … 使用。 | r教育体育局 |",
        "一、教育文化 § 3.推进课后服务 | 对全市2 … 质量。 | r教育体育局 |",
    ],
    "papers-a/12": [
        "增加教育资源供给 | 实施新建 … 5000个。 | l教育局 s经开区 s高新园（白土镇） s各街道 |",
        "促进就业稳定增长 | 全区城镇 … 10000人次。 | l人社局 s高新园（白土镇） s各街道 |",
        "老城复兴发展 | 完成名人 … 布展。 | l文体旅局 s城南公司 s轨道公司 |",
    ],
    "papers-a/15": [
        "一、教育文化 § 14.改扩建东山学校 | 完成东山 … 使用。 | r教育体育局 |",
        "一、教育文化 § 15.推进运动场地建设 | 完成西林 … 使用。 | r教育体育局 |",
    ],
    "papers-b/09": [
        "一、校园食堂公开 | 公布食堂 … 结果。 | r财务处 r后勤处 r各高校 | None",
        "一、校园食堂公开 | 公布食堂 … 要点。 | r财务处 | 2025-06-30",
        "一、校园食堂公开 | 邀请家长 … 记录。 | r后勤处 r各高校 | 2025-09-30",
        "二、招生公开 | 公布招生 … 章程。 | r学生处 | 2025-05-31",
    ],
    "papers-b/10": [
        "- | 修缮污水 … 三座。 | r规划建设局 | 2025-06-30",
        "- | 盘活闲置 … 厂房。 | r招商部 r改革办 | 2025-12-31",
    ],
    "papers-b/11": [
        "校园食堂公开 | 公布食堂 … 结果。 | r财务处 r各高等学校 |",
        "招生公开 | 公布招生 … 章程。 | r学生处 |",
    ],
    "wild/01-cell": [
        "- | 修缮污水 … 三座 | r县水利局 | 2025-07-31",
        "- | 疏浚河道 … 公里 | r县住建局 | 2025-12-31",
    ],
    "wild/02-cell": [
        "- | 修缮污水 … 三座 | r县水利局 | 2025-06-30",
        "- | 疏浚河道 … 公里 | r县住建局 | 2025-12-31",
    ],
    "wild/05-unit": [
        "一、养老服务 § - | 新建街道 … 2个。 | l市民政局 |",
        "二、教育公平 § - | 新增公办 … 0个。 | l市教育局 |",
    ],
    "wild/06-sole": [
        "- | 岚川县河 … 规划 | r县水利局 | 2025-12-31",
        "- | 岚川县公 … 规划 | r县民政局 | 2025-10-31",
    ],
    "wild/12-table": ["- | 维护考点 … 安全。 | r县公安局 |", "- | 负责高考 … 工作。 | r县教育局 |"],
    "wild/13-cells": [
        "1、整治农村河道 | 清理河面 … 生活。 | r镇水利站 r各村（居、场） | None",
        "2、垃圾及时清运 | 配置垃圾 … 97%。 | r镇区管理中心 r各村（居、场） |",
    ],
    "wild/14-bar": [
        "- | 招大引强 … 见效。 | r区投促局 r各镇街 r各平台 | None None None None",
        "- | 高校经济 … 100个。 | r区科技局 r各镇街 r各平台 | None None None None",
    ],
    "wild/19-line": [
        "城市绿化 | 保护植被 … 保护。 | l县规划局 s县国土资源局 s县农牧林业局 | 2025-09-20",
        "防护绿地 | 加强防护 … 建设。 | l县规划局 l县住建局 s有关部门 | 2025-09-20",
    ],
    "wild/20": [
        "- | 新建公办 … 1所 | r教体局 |",
        "- | 新增学位 … 0个 | r教体局 |",
        "- | 结对帮扶 … 2所 | r教体局 |",
        "- | 新建养老 … 2个 | r民政局 |",
    ],
}


def row(task: zl.Task, right: str) -> str:
    """A task as `right` writes it: as many characters of its text's beginning and end as that shows."""
    starts, _, ends = right.split(" | ")[1].partition(" … ")
    heads = f"{' / '.join(task.section)} § " if task.section else ""
    units = " ".join(u.role[0] + u.name for u in task.units)
    limits = " ".join(str(d.end) for d in task.deadlines)
    text = f"{task.starts[: len(starts)]} … {task.ends[-len(ends) :]}"
    return f"{heads}{task.title or '-'} | {text} | {units} | {limits}".strip()


@pytest.mark.parametrize("name", RIGHT)
def test_all_rows_of_a_table_are_read(name: str):
    found = list((real_papers() / "cases").glob(f"{name}*"))
    assert len(found) == 1
    tasks, right = zl.extract(found[0]).tasks, RIGHT[name]
    assert [row(t, r) for t, r in zip(tasks, right, strict=False)] == right
    assert len(tasks) == len(right)
