"""Forms of contact data, all invented: what must be found in each, and texts that look like it and are none.

In a form, `{m:3-4-4}` stands for the digits of a mobile telephone in such groups, `l` for an area code and a number in
the town, `t` for a number in the town alone, `s` for a service number, `i` for an identity number, `c` for a bank card;
`{n}` stands for a person. What is in `«»` must not be left either (the marks go).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NAMES = [
    "张卫国",
    "李建军",
    "王小明",
    "赵淑芬",
    "欧阳青山",
    "孙福来",
    "周大勇",
    "吴秀英",
    "郑海涛",
    "冯志强",
    "陈立新",
    "褚红梅",
    "蒋文斌",
    "沈玉兰",
    "韩德胜",
    "杨晓燕",
    "朱国庆",
    "秦桂花",
    "许长林",
    "何建民",
    "吕春生",
    "施雅琴",
    "孔令辉",
    "曹永福",
    "严守正",
    "魏来顺",
    "陶然",
    "姜子文",
    "戚家明",
    "谢安平",
    "邹立群",
    "喻长河",
    "柏青",
    "水根生",
    "窦文涛",
    "章含之",
    "苏小妹",
    "潘金龙",
    "葛优良",
    "范长江",
]

FORMS = r"""
手机：{m:11}
手机 {m:11}
手机号码为{m:11}
联系电话：{m:11}
有问题打{m:11}
请拨打 {m:11} 咨询
（{m:11}）
{m:3-4-4}
{m:3 4 4}
{m:3.4.4}
{m:3·4·4}
{m:3－4－4}
{m:3—4—4}
{m:3‑4‑4}
{m:3\u00a04\u00a04}
{m:3-3-5}
{m:3 3 5}
{m:4-3-4}
{m:4-4-3}
{m:3-8}
{m:3 8}
{m:7-4}
{m:3 2 2 2 2}
({m:3)8}
（{m:3）8}
{m:3 - 4 - 4}
{m:3\n8}
{m:1\u200b10}
+86{m:11}
+86 {m:11}
+86-{m:3-4-4}
＋86 {m:11}
（+86）{m:11}
0086{m:11}
0086-{m:11}
86 {m:11}
86-{m:3-4-4}
0{m:11}
手机{m:11}/{m:11}
手机{m:11}、{m:11}
手机：{m:11}，{m:11}
{m:11}或{m:11}
{m:11} {m:11}
{m:full}
{m:circled}
{m:letters}
电话：{m:words}
电话{m:words}
Tel: {m:11}
tel:{m:11}
Mobile {m:3-4-4}
移动电话{m:11}（同微信）
电话{l:3-8}
联系电话：{l:4-7}
{l:4-7}
{l:4-8}
{l:3-8}
{l:4 7}
{l:4－7}
{l:4—7}
{l:4–7}
{l:4·7}
{l:4.7}
({l:4)7}
（{l:4）7}
（{l:4）-7}
{l:4-3 4}
{l:4-3-4}
{l:4-4-4}
{l:11}
{l:12}
+86-{l:3-7}
0086-{l:4-7}
电话：{l:4-7}转8002
电话：{l:4-7}-8003
电话：{l:4-7} 转 8004
电话：{l:4-7}分机8005
电话：{l:4-7} ext.8006
电话:{l:4-7};{t:7}
电话：{l:4-7}、{t:7}
电话：{l:4-7}，{t:7}
电话：{l:4-7}/{t:7}
电话：{l:4-7}或{t:7}
电话{l:4-7}、{l:4-7}
传真：{l:4-7}
传真（{l:4）7}
传 真：{l:4-7}
电 话：{t:7}
电话：{t:7}
电话 {t:8}
电话{t:7}、{t:7}
电话（办）{t:7} （宅）{t:7}
办公电话：{t:3-4}
咨询电话：{t:7}
监督电话：{t:8}
值班电话（24小时）：{t:7}
举报电话为{t:7}
联系方式：{t:7}
座机{t:7}
固定电话：{t:8}
总机{t:8}转分机8070
Fax: {t:4-4}
小灵通{t:7}
短号：66«3218»
电话：63-2211-0«468»
{n}，{t:7}
{n} {t:7}
{n}（{t:7}）
{t:7}（{n}）
经办人 {n} {t:7}
{n}电话{t:7}
县民政局{n}{t:7}
热线：{s:3-3-4}
热线：{s:3-4-3}
热线{s:3 7}
热线 {s:10}
热线：{s:3-5-2}
投诉请拨{s:3-3-4}转1
{s8:3-3-4}
邮箱：«zhang0101»@example.com
邮箱：«zhang0102»＠example.com
邮箱：«zhang0103» @ example.com
邮箱：«zhang0104»#example.com
邮箱：«zhang0105»(at)example.com
邮箱：«zhang0106»（at）example.com
邮箱：«zhang0107»[at]example.com
邮箱：«zhang0108» at example.com
邮箱：«zhang0109»@example.com.cn。
邮箱：«zhang0110»@政务.cn
邮箱：«zhang0111»@示例.中国
邮箱：«zhang0112»@mail.example.gov.cn
邮箱：«zhang.wei-guo_0113»@ex-ample.com
邮箱：«13900000114»@example.com
邮箱：{n}«20@»example.com
电子邮箱 «zhang0115»@example.com
E-mail: «zhang0116»@EXAMPLE.COM
mailto:«zhang0117»@example.com
«zhang0118»(at)example(dot)com
«zhang0119»艾特example.com
邮件请发«zhang0120»@example.com
（«zhang0121»@example.com）
«zhang0122»@example.com、«zhang0123»@example.com
QQ：«123450038»
QQ号：«123450039»
QQ «123450040»
qq:«123450041»
QQ群：«123450042»
微信：«wxid_a39b43»
微信号：«wx_zhang44»
微信号«zhang13545»
微信«wx_66046»
WeChat: «weiguo47»
wx：«guo_0048»
钉钉：«ding00049»
加«wxid_abcdef50»
{i:18}
身份证号{i:18}
身份证号码：{i:18}
身份证 {i:6 8 4}
身份证号{i:6-8-4}
身份证号{i:6 4 4 4}
身份证号{ix:18}
身份证号{ix:6 8 4}
身份证号{io:15}
{io:15}
{n}，身份证{i:18}
护照E«12340056»
护照号：E«12340057»
护照 EA«1234058»
护照号码为G«12340059»
E«12340060»
通行证：C«12340061»
驾驶证号：«410900001262»
军官证：军字第«0012363»号
银行卡«6222021234560056»
银行卡«6222021234560056789»
银行卡号：«6222 0212 3456 0057»
账号：«6228 4801 2345 6700 58»
卡号 «4367420012340059»
«6217000012345600060»
工号：A«00012361»
联系人：{n}
联系人:{n}
联系人： {n}
联系人{n}
联系人 {n}
联系人为{n}
联系人是：{n}
联 系 人：{n}
联 系 人：{n}、{n}
联系人：{n}、{n}、{n}
联系人：{n}，{n}
联系人：{n} {n} {n}
联系人：{n}/{n}
联系人：{n}；{n}
联系人：«张 卫 国»
联系人:«张  明»
联系人：«買買提»
联系人：«買買提·艾力»
联系人：«阿不都·热合曼·司马义»
联系人：«古丽•帕夏»
联系人：«尉迟敬»
联系人：«張衛國»
联系人：{n}（县民政局）{m:11}
联系人：{n}（{m:11}）
联系人：{n}，联系电话：{m:11}
联系人及电话：{n} {m:11}
联系人：\n{n}\n{m:11}
联系人：{n}同志
联系人：{n}科长
联系人：科长{n}
联系人员：{n}
联络员：{n}
联络员 {n}
联 络 员：{n}
经办人：{n}
经办人 {n}
填报人：{n}    审核人：{n}
责任人：{n} {n} {n}
责任人：{n}
分管领导：{n}
分管负责人：{n}副县长
责任领导：常务副区长«刘伟民»
分管领导：副县长«何丽萍»
包保领导：{n}
负责人：{n}
责任编辑：{n}
审核人：{n}
撰稿人：{n}
记者：{n}
协调人：{n}县长助理、{n}副县长
值班人员：{n}
信息员：{n}
对接人：{n}
收件人：{n}
（联系人 {n} {m:11}）
{n}（联系人，{m:11}）
{n}（联系人）
由{n}同志负责联系，{m:11}
由{n}负责联系
请与{n}联系
联系方式：{n}{m:11}
联系方式：{n} {l:4-7}
科长{n}（{m:11}）
县民政局{n}（{m:11}）
县民政局（{n} {m:11}）
县民政局（«观世英» {m:11}）
县民政局 {n} {m:11}
{n} {m:11}
{n}：{m:11}
{n}:{l:4-7}
{n}，{m:11}
{n}、{n}，{m:11}
{n}{m:11}
{n}主任 {m:11}
{m:11} {n}
{m:11}（{n}）
{n}电话：{m:11}
{n}，电话{m:11}
{n}（电话：{m:11}；邮箱：«zhang0130»@example.com）
{n} «zhang0131»@example.com
Contact: «Zhang Weiguo», tel {m:11}
Contact person: «Li Jianjun»
contact：«Wang Xiaoming»
""".strip().split("\n")

#: What is none, or not a person's: it stays as it is.
NONE = """
拨打12345政务服务便民热线
开通12315、12388热线
119、110、120联动
2023年6月30日前完成
2023.06.30
2023-06-30至2024-12-31
（责任单位：县民政局、县财政局；完成时限：2024年6月底前）
霁政办发〔2023〕46号
国办发〔2022〕8号
投资13800000000元
资金1234.5678万元
总投资20000000元
建筑面积2345678平方米
惠及群众3456789人
GB/T 33190-2016
GB 12345678
DB41/T 1234-2021
1 2 3 4 5 6 7 8 9 10 11 12
2021 2022 2023 2024 2025
2021年、2022年、2023年分别完成
1.38、1.44、2.11、3.05
各乡镇人民政府，县政府各部门：
联系人民群众
密切联系群众
以习近平同志为核心的党中央
责任单位：县民政局
责任人：各乡镇党委政府
责任人：县民政局
负责人：各单位
联系方式：县民政局办公室
微信公众号
微信小程序“办事通”
QQ邮箱
网址：www.example.gov.cn
http://www.example.gov.cn/2023/0630/c1234.html
邮编：457000
第13、14、15项
10个乡镇、2000名党员
牵头单位：县电子政务办
经办人员要加强学习
责任人要切实履行职责
编辑出版地方志
记者站建设
领导撰稿解读
索引号 001008009005001/2023-03
零一二三
一三五七九
由县民政局负责联系
请与县民政局联系
电话会议
手机银行
开展电话回访2次
2022—2023年度
3500—4000元
86个村
400余人
""".strip().split("\n")


class Form(NamedTuple):
    """`needles` must not be left of the text; `numbers` are those among its numbers as they are written there."""

    text: str
    needles: tuple[str, ...]
    numbers: tuple[str, ...]


def forms() -> Iterator[Form]:
    """Each with numbers of its own, whose last four digits no other one has."""
    people = 0
    for at, form in enumerate(FORMS):
        needles: list[str] = []
        numbers: list[str] = []
        count = 0

        def number(
            found: re.Match[str], at: int = at, needles: list[str] = needles, numbers: list[str] = numbers
        ) -> str:
            nonlocal count
            count += 1
            kind, shape = found[1], found[2]
            tail = f"{3000 + 3 * at + count:04d}"
            digits = {
                "m": f"1387654{tail}",
                "l": f"0990{'2' if '8' in shape or '12' in shape or '4-4-4' in shape else ''}221{tail}",
                "t": f"{'2' if '8' in shape or '4-4' in shape else ''}221{tail}",
                "s": f"400123{tail}",
                "s8": f"800123{tail}",
                "i": f"99010119900101{tail}",
                "ix": f"99010119900101{tail[:3]}X",
                "io": f"990101900101{tail[1:]}",
            }[kind]
            if kind == "l" and shape.startswith("3-"):
                digits = digits[:1] + digits[2:] if len(digits) == 12 else digits[1:]
            needles.append({"io": tail[1:], "ix": tail[:3]}.get(kind, tail))
            numbers.append(_shaped(digits, shape, needles))
            return numbers[-1]

        def person(_: re.Match[str], needles: list[str] = needles) -> str:
            nonlocal people
            people += 1
            needles.append(NAMES[people % len(NAMES)])
            return needles[-1]

        text = form.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\" in form else form
        text = re.sub(r"\{([a-z0-9]+):([^}]+)\}", number, text)
        text = re.sub(r"\{n\}", person, text)
        needles += re.findall("«(.+?)»", text)
        yield Form(re.sub("[«»]", "", text), tuple(needles), tuple(numbers))


def _shaped(digits: str, shape: str, needles: list[str]) -> str:
    """Digits in groups: what stands between the numbers of a shape goes between them."""
    others = {
        "full": str.maketrans("0123456789", "０１２３４５６７８９"),
        "circled": {ord(digits[1]): "③"},
        "letters": str.maketrans("10", "lO"),
        "words": str.maketrans("0123456789", "零一二三四五六七八九"),
    }
    if shape in others:
        needles[-1] = needles[-1].translate(others[shape])
        return digits.translate(others[shape])
    out, at = "", 0
    for size, between in re.findall(r"(\d+)(\D*)", shape):
        out += digits[at : at + int(size)] + between
        at += int(size)
    last = re.findall(r"\d+", shape)[-1]
    if int(last) < 4:
        needles[-1] = digits[-int(last) - 1 :][-int(last) :] if int(last) > 2 else out[-6:]
    return out
