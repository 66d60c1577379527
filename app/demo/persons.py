"""Invented persons with numbers whose check character is right."""

from datetime import date, timedelta

from msgspec.structs import replace

from app.demo.chance import Chance
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.rules.identity import IdKind, Sex, check_character

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
MALE = (
    "建国",
    "志强",
    "明",
    "军",
    "海涛",
    "文斌",
    "永福",
    "国栋",
    "俊杰",
    "小龙",
    "德贵",
    "光明",
    "振华",
    "立新",
    "大勇",
    "家兴",
    "浩然",
    "子轩",
    "鹏飞",
    "宏伟",
    "春生",
    "金山",
    "启航",
    "思远",
    "云峰",
    "长江",
    "世杰",
    "天佑",
    "跃进",
    "晓东",
)
FEMALE = (
    "秀英",
    "丽",
    "敏",
    "静",
    "桂花",
    "春梅",
    "雪",
    "丹丹",
    "玉兰",
    "晓燕",
    "红霞",
    "美玲",
    "婷婷",
    "佳怡",
    "思雨",
    "艳",
    "素珍",
    "月娥",
    "海燕",
    "慧敏",
    "小芳",
    "彩云",
    "金凤",
    "梦瑶",
    "雅琴",
    "春兰",
    "欣悦",
    "冬梅",
    "巧云",
    "若溪",
)
LONGER = (
    ("买买提·吐尔逊", Sex.MALE),
    ("阿依古丽·艾合买提", Sex.FEMALE),
    ("扎西·次仁", Sex.MALE),
    ("卓玛·央金", Sex.FEMALE),
    ("巴特尔", Sex.MALE),
    ("萨仁·其其格", Sex.FEMALE),
    ("努尔兰·哈布力", Sex.MALE),
    ("古丽娜尔·买买提", Sex.FEMALE),
    ("欧阳晓", Sex.FEMALE),
    ("张𬭎", Sex.MALE),
    ("李㛃", Sex.FEMALE),
    ("王䶮", Sex.MALE),
)
RARE_EVERY = 40
YEAR_DAYS = 365


def person(chance: Chance, *, region: str, youngest: int, oldest: int, today: date) -> PersonFacts:
    """Invent one person born in a region, of an age in full years on the day."""
    sex = chance.one_of((Sex.MALE, Sex.FEMALE))
    name = chance.one_of(FAMILY) + chance.one_of(MALE if sex is Sex.MALE else FEMALE)
    if chance.below(RARE_EVERY) == 0:
        name, sex = chance.one_of(LONGER)
    age_days = chance.between(youngest * 366, oldest * YEAR_DAYS)
    birth_on = today - timedelta(days=age_days)
    order = chance.between(1, 498) * 2 + (1 if sex is Sex.MALE else 0)
    seventeen = f"{region}{birth_on:%Y%m%d}{order:03d}"
    given = GivenPerson(
        name=name, kind=IdKind.RESIDENT, id_number=seventeen + check_character(seventeen)
    )
    return replace(
        checked_facts(given, today),
        ethnic_group="01",
        region_code=region,
        phone=f"13{chance.between(0, 9)}0000{chance.between(1000, 9999)}",
    )
